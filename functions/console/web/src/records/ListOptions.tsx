import { Button, Checkbox, Group, Popover, ScrollArea, Select, Stack, Badge } from '@mantine/core'
import { IconColumns, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Module } from '../api/types'
import { useFormat } from '../format'
import { fieldOf, useMeta, useOwnerName } from '../meta'
import { warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import { useChooseColumns, useColumns, useGroups } from './many'

const GROUPED = ['picklist', 'multipicklist', 'boolean', 'relation', 'user']

/** The bin, the columns and the field to group by, beside the search of a list. */
export function ListOptions({ module, group, onGroup }: { module: Module; group: string | null; onGroup: (field: string | null) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const fields = module.fields.filter(({ type }) => GROUPED.includes(type))
  return (
    <Group gap="xs">
      <Select
        aria-label={t('options.group')}
        placeholder={t('options.group')}
        data={[{ value: 'owner', label: t('record.owner') }, ...fields.map(({ id, label }) => ({ value: id, label: format.label(label) }))]}
        value={group}
        onChange={onGroup}
        clearable
        clearButtonProps={{ 'aria-label': t('options.no_group') }}
        w={180}
      />
      <ColumnChoice module={module} />
      {module.capabilities.delete && (
        <Button component={Link} to={`/bin/${module.id}`} variant="default" leftSection={<IconTrash size={16} />}>
          {t('bin.short')}
        </Button>
      )}
    </Group>
  )
}

/** Anybody's own, whatever their role. */
function ColumnChoice({ module }: { module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { system_fields } = useMeta()
  const problemText = useProblemText()
  const chosen = useColumns(module.id).data?.columns ?? module.list_columns
  const choose = useChooseColumns(module.id)
  const all = [...system_fields, ...module.fields].filter(({ type }) => type !== 'longtext')
  const set = (columns: string[]) => choose.mutate(columns, { onError: (error) => warn(problemText(error)) })
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={16} />}>
          {t('options.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea h={320} w={240} tabIndex={0}>
          <Stack gap={6}>
            {all.map(({ id, label }) => (
              <Checkbox
                key={id}
                size="sm"
                label={format.label(label)}
                checked={chosen.includes(id)}
                disabled={chosen.length === 1 && chosen.includes(id)}
                onChange={({ currentTarget }) => set(currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
              />
            ))}
          </Stack>
        </ScrollArea>
        <Button size="compact-sm" variant="subtle" mt="xs" onClick={() => set([])}>
          {t('options.columns_reset')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

interface GroupProps {
  module: Module
  by: string
  request: Record<string, string | null>
  onOpen: (value: string | null) => void
}

/** How many there are of each value; one click shows them. */
export function GroupCounts({ module, by, request, onOpen }: GroupProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  const groups = useGroups(module.id, by, request).data?.groups ?? []
  const field = fieldOf(module, by)
  const named = (value: string | null, title: string | null) => {
    if (value === null) return t('options.without')
    if (by === 'owner' || field?.type === 'user') return ownerName(value)
    if (field?.type === 'boolean') return t(value === 'true' ? 'options.yes' : 'options.no')
    return title ?? (format.label(field?.options?.find((option) => option.value === value)?.label) || value)
  }
  return (
    <Group gap="xs" mb="sm" role="group" aria-label={t('options.group')}>
      {groups.map(({ value, title, count }) => (
        <Button
          key={value ?? ''}
          size="compact-sm"
          variant="default"
          rightSection={<Badge size="sm" variant="light" style={{ color: 'var(--mantine-color-blue-9)' }}>{format.integer(count)}</Badge>}
          onClick={() => onOpen(value)}
        >
          {named(value, title)}
        </Button>
      ))}
    </Group>
  )
}
