import { Anchor, Group, Paper, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Definition, Page } from '../api/types'
import { recordPath } from '../records/columns'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { Pager } from '../ui/Pager'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { useAssignmentColumns } from './columns'

type PlanRecipient = Definition & {
  recipient: { module: string; id: string }
  number: string | null
  title: string
}

/** Everybody who has come by a plan, each step with its state. */
export function PlanRecipients({ plan }: { plan: string }) {
  const { t } = useTranslation()
  const [cursors, setCursors] = useState<string[]>([])
  const cursor = cursors.at(-1) ?? null
  const query = useQuery({
    queryKey: ['assignments', 'plan', plan, cursor],
    queryFn: () =>
      api.get<Page<PlanRecipient> & { hidden: number }>(`/v1/plans/${plan}/recipients`, { limit: 25, cursor }),
    placeholderData: keepPreviousData,
  })
  const who: Column<PlanRecipient> = {
    id: 'recipient',
    title: t('property.recipient'),
    render: ({ recipient, number, title }) => (
      <Group gap={6}>
        <Anchor component={Link} to={recordPath(recipient.module, recipient.id)} size="sm" fw={600} lh={1.75}>
          {title || number}
        </Anchor>
        <Text size="xs" c="dimmed">
          {number}
        </Text>
      </Group>
    ),
  }
  const steps = useAssignmentColumns(['scheduled_action', 'state', 'due_at', 'reason']) as Column<PlanRecipient>[]
  const hidden = query.data?.hidden ?? 0
  return (
    <Paper component="section" aria-label={t('plan.who')}>
      <Title order={2} fz="md" mb="md">
        {t('plan.who')}
      </Title>
      {query.error && !query.data ? (
        <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ResponsiveTable
          label={t('plan.who')}
          rows={query.data?.items}
          columns={[who, ...steps]}
          rowId={({ id }) => id}
          fetching={query.isPlaceholderData}
          empty={<EmptyState title={t('plan.nobody')} hint={t('plan.nobody_hint')} />}
        />
      )}
      {hidden > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('plan.hidden', { count: hidden })}
        </Text>
      )}
      <Group justify="flex-end" mt="sm">
        <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
      </Group>
    </Paper>
  )
}
