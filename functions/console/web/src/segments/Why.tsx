import { ActionIcon, Popover, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Cause, MemberSource } from '../api/types'
import { References } from '../definitions/Properties'
import { useFormat } from '../format'
import { useOwnerName } from '../meta'
import { Await } from '../ui/Feedback'

interface Explanation {
  member: boolean
  sources: MemberSource[]
  blocked: { at: string; cause: Cause } | null
}

interface Props {
  segment: string
  module: string
  id: string
}

/** Why somebody is a member: every source, since when and by whom. */
export function Why(props: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} width={300} position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray.7" aria-label={t('segment.why')} onClick={() => setOpened(!opened)}>
          <IconInfoCircle size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('segment.why')}>{opened && <Content {...props} />}</Popover.Dropdown>
    </Popover>
  )
}

function Content({ segment, module, id }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery({
    queryKey: ['segments', 'why', segment, module, id],
    queryFn: () => api.get<Explanation>(`/v1/segments/${segment}/why/${module}/${id}`),
  })
  return (
    <Await query={query} lines={2}>
      {({ sources, blocked }) => (
        <Stack gap="xs">
          {sources.map(({ kind, since, cause }, index) => (
            <div key={index}>
              <Text size="sm" fw={600}>
                {t(`source.${kind}`, { defaultValue: kind })}
              </Text>
              <Text size="xs" c="dimmed">
                {since && format.instant(since)}
              </Text>
              {cause && <By cause={cause} />}
            </div>
          ))}
          {blocked && <Text size="sm">{t('segment.blocked', { at: format.instant(blocked.at) })}</Text>}
        </Stack>
      )}
    </Await>
  )
}

/** The kinds of cause that have a page. */
const PAGES: Record<string, string> = { workflow: 'workflows', form: 'forms', job: 'jobs' }

function By({ cause }: { cause: Cause }) {
  const ownerName = useOwnerName()
  const known = Object.entries(PAGES).find(([kind]) => typeof cause[kind] === 'string')
  if (known) return <References noun={known[1]} ids={[String(cause[known[0]])]} />
  return typeof cause.user === 'string' ? <Text size="sm">{ownerName(cause.user)}</Text> : null
}
