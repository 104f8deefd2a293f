import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Member, Module, Page, Segment } from '../api/types'
import { useFormat } from '../format'
import { recordPath } from '../records/columns'
import { LetIn } from './Why'

type Kept = Member & { blocked?: { at: string } | null }

/** Who was taken out by hand: AutoSync keeps away from them until they are let in again. */
export function KeptOut({ segment, module }: { segment: Segment; module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const kept = useQuery({
    queryKey: ['segments', 'blocked', segment.id, module.id],
    queryFn: () => api.get<Page<Kept>>(`/v1/segments/${segment.id}/blocked`, { module: module.id, limit: 25 }),
  }).data
  if (!kept || kept.items.length === 0) return null
  return (
    <Paper mt="md">
      <Title order={2} fz="md">
        {t('segment.kept_out')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t(segment.keeps_out ? 'segment.kept_out_hint_strict' : 'segment.kept_out_hint')}
      </Text>
      <Stack gap="xs">
        {kept.items.map((member) => (
          <Group key={member.id} justify="space-between" gap="xs">
            <div>
              <Anchor component={Link} to={recordPath(module.id, member.id)} size="sm" fw={600}>
                {member.title || member.number || member.id}
              </Anchor>
              {member.blocked && (
                <Text size="xs" c="dimmed">
                  {format.instant(member.blocked.at)}
                </Text>
              )}
            </div>
            <LetIn segment={segment.id} module={module.id} id={member.id} />
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
