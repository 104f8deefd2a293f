import { ActionIcon, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconRefreshOff } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { AutoSyncRule, Job, Module, Page, Segment } from '../api/types'
import { invalidateSoon } from '../api/queries'
import { useSentence } from '../conditions/sentence'
import { useFilters } from '../filters/saved'
import { useFormat } from '../format'
import { JobProgress } from '../jobs/JobProgress'
import { useMayWrite, useModule } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import { StateBadge } from '../ui/StateBadge'

/** The filters that this segment is kept in step with. */
export function AutoSync({ segment }: { segment: Segment }) {
  const { t } = useTranslation()
  const rules = segment.autosync ?? []
  if (rules.length === 0) return null
  return (
    <Paper mb="md">
      <Title order={2} fz="md" mb="xs">
        {t('segment.autosync')}
      </Title>
      {rules.some(({ state }) => state === 'filling') && <Filling segment={segment} />}
      <Stack gap="xs">
        {rules.map((rule) => (
          <Rule key={rule.id} segment={segment} rule={rule} />
        ))}
      </Stack>
    </Paper>
  )
}

/** How far the job is that fills a new generation; until it is through, the members are those of before. */
function Filling({ segment }: { segment: Segment }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const jobs = useQuery({
    queryKey: ['jobs', 'filling', segment.id],
    queryFn: async () => {
      void client.invalidateQueries({ queryKey: ['segments', 'one', segment.id] })
      return api.get<Page<Job>>('/v1/jobs', { limit: 25 })
    },
    refetchInterval: 2_000,
  }).data
  const job = jobs?.items.find(({ kind, name }) => kind === 'segment_fill' && name === segment.name)
  return (
    <Stack gap={4} mb="sm">
      <Text size="sm">{t('segment.filling_hint')}</Text>
      {job && <JobProgress job={job} />}
    </Stack>
  )
}

function Rule({ segment, rule }: { segment: Segment; rule: AutoSyncRule }) {
  const module = useModule(rule.module)
  return module ? <KnownRule segment={segment} rule={rule} module={module} /> : null
}

function KnownRule({ segment, rule, module }: { segment: Segment; rule: AutoSyncRule; module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const sentence = useSentence()
  const problemText = useProblemText()
  const mayWrite = useMayWrite()
  const filter = useFilters(module.id).data?.items.find(({ id }) => id === rule.filter_id)
  const turnOff = useMutation({
    mutationFn: () => api.post(`/v1/segments/${segment.id}/autosync`, { on: false, id: rule.id }),
    onSuccess: () => {
      invalidateSoon(client, ['segments'])
      tell(t('segment.autosync_off'))
    },
    onError: (error) => warn(problemText(error)),
  })
  const name = format.label(filter?.label) || filter?.name
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Text span fw={600} size="sm">
          {[format.label(module.label), name].filter(Boolean).join(' · ')}:
        </Text>{' '}
        {sentence(rule.condition, module.id)}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <StateBadge state={rule.state} />
        {mayWrite && (
          <ActionIcon
            variant="subtle"
            color="red.9"
            aria-label={t('segment.autosync_turn_off')}
            loading={turnOff.isPending}
            onClick={() =>
              ask({
                title: t('segment.autosync_turn_off'),
                text: t('segment.autosync_off_text'),
                confirm: t('segment.autosync_turn_off'),
                danger: true,
                act: () => turnOff.mutate(),
              })
            }
          >
            <IconRefreshOff size={16} />
          </ActionIcon>
        )}
      </Group>
    </Group>
  )
}
