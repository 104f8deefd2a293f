import { Chip, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Condition } from '../api/types'
import { useRecords } from '../api/queries'
import { useFormat } from '../format'
import { fieldOf, useModule } from '../meta'
import { RecordHeadline, recordPath, useRecordColumns } from '../records/columns'
import type { Module } from '../api/types'
import { useFilters } from '../filters/saved'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { Pager } from '../ui/Pager'
import { ResponsiveTable } from '../ui/ResponsiveTable'

const PAGE = 25

/** The messages of a campaign, as the filters that come with the product sort them: who bounced, who clicked… */
export function MessagesOf({ campaign }: { campaign: string }) {
  const module = useModule('messages')
  return module ? <Messages campaign={campaign} module={module} /> : null
}

function Messages({ campaign, module }: { campaign: string; module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  // All of them are of this campaign: that column says nothing here.
  const columns = useRecordColumns(module).filter(({ id }) => id !== 'campaign')
  const filters = useFilters('messages').data?.items ?? []
  const [chosen, setChosen] = useState('')
  const [cursors, setCursors] = useState<string[]>([])
  const own: Condition = { field: 'campaign', op: 'is', value: campaign }
  const narrowed = filters.find(({ id }) => id === chosen)?.condition
  const query = useRecords('messages', {
    filter: JSON.stringify({ all: narrowed ? [own, narrowed] : [own] }),
    limit: PAGE,
    cursor: cursors.at(-1) ?? null,
  })
  // A send to contacts alone needs no columns of accounts and leads.
  const isEmpty = (id: string) =>
    Boolean(fieldOf(module, id)?.relation) && (query.data?.items ?? []).every(({ values }) => !values[id])
  return (
    <Stack gap="sm">
      <Title order={2} fz="md">
        {t('results.messages')}
      </Title>
      <Chip.Group value={chosen} onChange={(id) => (setChosen(String(id)), setCursors([]))}>
        <Group gap={6} role="group" aria-label={t('results.messages')}>
          <Chip size="xs" value="">
            {t('results.every_message')}
          </Chip>
          {filters
            .filter(({ id }) => id !== 'messages-all')
            .map(({ id, name, label }) => (
              <Chip key={id} size="xs" value={id}>
                {format.label(label) || (name ?? id)}
              </Chip>
            ))}
        </Group>
      </Chip.Group>
      {query.error && !query.data ? (
        <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ResponsiveTable
          oneLine
          label={t('results.messages')}
          rows={query.data?.items}
          headline={(message) => <RecordHeadline module={module} record={message} />}
          columns={columns.filter(({ id }) => !isEmpty(id)).map((column) => ({ ...column, sortable: false }))}
          rowId={({ id }) => id}
          fetching={query.isPlaceholderData}
          onOpen={({ id }) => navigate(recordPath('messages', id))}
          empty={<EmptyState title={t('list.nothing_found')} />}
        />
      )}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {query.data?.as_of && t('results.as_of', { at: format.instant(query.data.as_of) })}
        </Text>
        <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
      </Group>
    </Stack>
  )
}
