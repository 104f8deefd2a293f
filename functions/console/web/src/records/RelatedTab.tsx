import { Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Entity, Module } from '../api/types'
import { useRelated } from '../api/queries'
import { useFormat } from '../format'
import { useModule } from '../meta'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { Pager } from '../ui/Pager'
import { ResponsiveTable } from '../ui/ResponsiveTable'
import { RecordHeadline, recordPath, useRecordColumns } from './columns'

export function RelatedTab({ module, record, other }: { module: Module; record: Entity; other: string }) {
  const declaration = useModule(other)
  return declaration ? <RelatedTable module={module} record={record} other={declaration} /> : null
}

function RelatedTable({ module, record, other }: { module: Module; record: Entity; other: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const columns = useRecordColumns(other)
  const [cursors, setCursors] = useState<string[]>([])
  const query = useRelated(module.id, record.id, other.id, cursors.at(-1) ?? null)
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <ResponsiveTable
        label={format.label(other.label)}
        rows={query.data?.items}
        headline={(found) => <RecordHeadline module={other} record={found} />}
        columns={columns.map((column) => ({ ...column, sortable: false }))}
        rowId={({ id }) => id}
        fetching={query.isPlaceholderData}
        onOpen={({ id }) => navigate(recordPath(other.id, id))}
        empty={<EmptyState title={t('list.empty_related')} />}
      />
      <Group justify="flex-end" mt="sm">
        <Pager
          hasPrevious={cursors.length > 0}
          hasNext={Boolean(query.data?.next)}
          onPrevious={() => setCursors(cursors.slice(0, -1))}
          onNext={() => query.data?.next && setCursors([...cursors, query.data.next])}
        />
      </Group>
    </>
  )
}
