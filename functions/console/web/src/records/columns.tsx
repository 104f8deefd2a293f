import { Anchor, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useTranslation } from 'react-i18next'
import type { Entity, Module } from '../api/types'
import { FieldValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { fieldOf, shown, titleOf, useOwnerName } from '../meta'
import { StateBadge } from '../ui/StateBadge'
import type { Column } from '../ui/ResponsiveTable'

export const recordPath = (module: string, id: string) => `/records/${module}/${id}`

const RIGHT = new Set(['integer', 'decimal', 'currency', 'percent'])
/** What every record has beside its fields; a module may name these among its list columns. */
const OWN = new Set(['number', 'owner', 'created_at', 'updated_at', 'created_by', 'tags'])

/** The name of a record and, smaller, its number: the top of its card on a phone. */
export function RecordHeadline({ module, record }: { module: Module; record: Entity }) {
  return (
    <Group gap={6}>
      <Anchor component={Link} to={recordPath(module.id, record.id)} size="sm" fw={600}>
        {titleOf(module, record)}
      </Anchor>
      {record.number && (
        <Text size="xs" c="dimmed">
          {record.number}
        </Text>
      )}
    </Group>
  )
}

/** The columns of a module's lists, as its declaration orders them; the first leads to the record. */
export function useRecordColumns(module: Module, chosen?: string[]): Column<Entity>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()

  const own = (record: Entity, id: string) => {
    if (id === 'owner' || id === 'created_by') return <Text size="sm">{ownerName(record[id])}</Text>
    if (id === 'tags') return <Text size="sm">{(record.tags ?? []).join(', ')}</Text>
    if (id === 'number') return <Text size="sm">{record.number}</Text>
    return <Text size="sm">{format.instant(id === 'created_at' ? record.created_at : record.updated_at)}</Text>
  }

  return (chosen ?? module.list_columns).map((id, index) => {
    const field = OWN.has(id) ? undefined : fieldOf(module, id)
    const content = (record: Entity) => {
      if (!field) return own(record, id)
      const value = record.values[id]
      if (id === 'status' && field.type === 'picklist' && typeof value === 'string') {
        const option = field.options?.find((candidate) => candidate.value === value)
        return <StateBadge state={value} label={format.label(option?.label) || value} />
      }
      return <FieldValue field={field} value={value} title={record.titles?.[id]} compact />
    }
    const lead = (record: Entity) => (
      <Anchor
        component={Link}
        to={recordPath(module.id, record.id)}
        size="sm"
        fw={600}
        onClick={(event) => event.stopPropagation()}
      >
        {(id === 'number' ? record.number : undefined) ?? titleOf(module, record)}
      </Anchor>
    )
    return {
      id,
      title: field ? format.label(field.label) : t(`record.${OWN.has(id) ? id : 'column'}`, { defaultValue: id }),
      render: index === 0 ? lead : content,
      sortable: true,
      absent: (record: Entity) => field !== undefined && (record.values[id] === false || !shown(record.values[id])),
      inHeadline: id === 'number' || module.title_fields.includes(id),
      align: field && RIGHT.has(field.type) ? 'right' : field?.type === 'boolean' ? 'center' : 'left',
    }
  })
}
