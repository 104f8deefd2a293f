import { Badge, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { AudiencePreview, Page, Recipient } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { Pager } from '../ui/Pager'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { ink } from '../theme'
import { Window } from '../ui/Window'
import { questionOf, type Plan } from './plan'
import { refusals, useReason } from './words'

interface Props {
  campaign: string
  plan: Plan
  counted: AudiencePreview
  onClose: () => void
}

/** Everybody of an audience by name, each with what the send would decide about them. */
export default function WhoExactly({ campaign, plan, counted, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = useReason()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 250)
  const [verdict, setVerdict] = useState<string | null>(null)
  const [cursors, setCursors] = useState<string[]>([])
  const cursor = cursors.at(-1)
  const question = { ...questionOf(plan), limit: 25, ...(search && { search }), ...(verdict && { verdict }) }
  const query = useQuery({
    queryKey: ['campaigns', campaign, 'audience', question, cursor],
    queryFn: () =>
      api.post<Page<Recipient>>(
        `/v1/campaigns/${campaign}/audience${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`,
        question,
      ),
    placeholderData: keepPreviousData,
  })
  const words = (id: string) => (id === 'will_send' ? t('send.verdict_send') : reason(id))
  return (
    <Window
      opened
      onClose={onClose}
      // By itself it would close first, and the same key then the window below it.
      closeOnEscape={false}
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
      title={t('send.who')}
      size="xl"
    >
      <Stack>
        <Group grow align="flex-end">
          <TextInput
            data-autofocus
            aria-label={t('action.search')}
            placeholder={t('field.search_record')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={typed}
            onChange={({ currentTarget }) => (setTyped(currentTarget.value), setCursors([]))}
          />
          <Select
            aria-label={t('send.verdict')}
            placeholder={t('send.verdict_all')}
            clearable
            data={[['will_send', counted.will_send] as const, ...refusals(counted)].map(([id, count]) => ({
              value: id,
              label: `${words(id)} (${format.integer(count)})`,
            }))}
            value={verdict}
            onChange={(id) => (setVerdict(id), setCursors([]))}
          />
        </Group>
        {query.error ? (
          <ProblemAlert error={query.error} retry={() => void query.refetch()} />
        ) : (
          <ResponsiveTable
            label={t('send.who')}
            rows={query.data?.items}
            columns={useColumns(words)}
            rowId={({ module, id }) => `${module}#${id}`}
            fetching={query.isPlaceholderData}
            empty={<EmptyState title={t('list.nothing_found')} />}
          />
        )}
        <Group justify="flex-end">
          <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
        </Group>
      </Stack>
    </Window>
  )
}

function useColumns(words: (id: string) => string): Column<Recipient>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  const colour = (verdict: string) => (verdict === 'will_send' ? 'teal' : 'orange')
  return [
    { id: 'title', title: t('job.name'), render: ({ title, id }) => <Text size="sm">{title || id}</Text> },
    {
      id: 'module',
      title: t('send.module'),
      render: ({ module }) => (
        <Text size="sm">{format.label(modules.find(({ id }) => id === module)?.label_one)}</Text>
      ),
    },
    { id: 'email', title: t('merge.email'), render: ({ email }) => <Text size="sm">{email ?? '—'}</Text> },
    {
      id: 'verdict',
      title: t('send.verdict'),
      render: ({ verdict }) =>
        verdict === 'will_send' ? (
          <Badge color="teal" style={{ color: ink('teal') }}>
            {words(verdict)}
          </Badge>
        ) : (
          <Text size="sm" c={ink(colour(verdict))}>
            {words(verdict)}
          </Text>
        ),
    },
  ]
}
