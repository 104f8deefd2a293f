import { Anchor, Button, Group, Paper, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Entity, Page } from '../api/types'
import { Await, EmptyState } from '../ui/Feedback'
import { StateBadge } from '../ui/StateBadge'
import { WhyInWords } from './Why'

interface Standing {
  segment: string
  name: string
  member: boolean
}

/** The segments that a record is in, or was taken out of, each with why. */
export function MembershipsTab({ record }: { record: Entity }) {
  const { t } = useTranslation()
  const module = record.module
  const query = useQuery({
    queryKey: ['segments', 'of', module, record.id],
    queryFn: () => api.get<Page<Standing>>(`/v1/segments/of/${module}/${record.id}`),
  })
  return (
    <Await query={query} lines={3}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('segment.in_none')} hint={t('segment.in_none_hint')}>
            <Button component={Link} to="/segments" variant="light">
              {t('segment.see_all')}
            </Button>
          </EmptyState>
        ) : (
          <Stack>
            {items.map(({ segment, name, member }) => (
              <Paper key={segment}>
                <Group justify="space-between" mb="xs">
                  <Title order={2} fz="md">
                    <Anchor component={Link} to={`/segments/${segment}?tab=${module}`} inherit>
                      {name}
                    </Anchor>
                  </Title>
                  <StateBadge state={member ? 'active' : 'inactive'} label={t(member ? 'why.member' : 'why.no_member')} />
                </Group>
                <WhyInWords segment={segment} module={module} id={record.id} />
              </Paper>
            ))}
          </Stack>
        )
      }
    </Await>
  )
}
