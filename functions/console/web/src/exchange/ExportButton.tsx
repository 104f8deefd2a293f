import { Button, Group, MultiSelect, Select, SimpleGrid, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTableExport } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Condition, Job, Module } from '../api/types'
import { useFormat } from '../format'
import { useMayWrite, useMeta } from '../meta'
import { ProblemAlert } from '../ui/Feedback'
import { Window } from '../ui/Window'
import { RunningExport } from './RunningExport'

/** Which records: those that a list shows, or those of a segment. */
export interface What {
  condition?: Condition | null
  search?: string | null
  segment?: string
}

export function ExportButton({ module, what }: { module: Module; what: What }) {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure(false)
  if (!useMayWrite()) return null
  return (
    <>
      <Button variant="default" leftSection={<IconTableExport size={16} />} onClick={open}>
        {t('export.open')}
      </Button>
      <Window opened={opened} onClose={close} title={t('export.title')} size="lg">
        <ExportDialog module={module} what={what} onClose={close} />
      </Window>
    </>
  )
}

function ExportDialog({ module, what, onClose }: { module: Module; what: What; onClose: () => void }) {
  const { t } = useTranslation()
  const [columns, setColumns] = useState<string[]>(module.list_columns)
  const [separator, setSeparator] = useState(';')
  const [headers, setHeaders] = useState('label')
  const start = useMutation({
    mutationFn: () => {
      const { condition, search, segment } = what
      const which = { ...(condition && { condition }), ...(search && { search }), ...(segment && { segment }) }
      return api.post<{ job_id: string }>('/v1/exports', { module: module.id, columns, separator, headers, ...which })
    },
  })
  if (start.data) return <Running id={start.data.job_id} onClose={onClose} />
  return (
    <Stack>
      <ColumnChoice module={module} columns={columns} onChange={setColumns} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label={t('export.separator')}
          data={[
            { value: ';', label: t('export.excel_es') },
            { value: ',', label: t('export.comma') },
            { value: '\t', label: t('export.tab') },
          ]}
          value={separator}
          allowDeselect={false}
          onChange={(chosen) => chosen && setSeparator(chosen)}
        />
        <Select
          label={t('export.headers')}
          data={[
            { value: 'label', label: t('export.headers_label') },
            { value: 'id', label: t('export.headers_id') },
          ]}
          value={headers}
          allowDeselect={false}
          onChange={(chosen) => chosen && setHeaders(chosen)}
        />
      </SimpleGrid>
      {start.error && <ProblemAlert error={start.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button disabled={columns.length === 0} loading={start.isPending} onClick={() => start.mutate()}>
          {t('export.start')}
        </Button>
      </Group>
    </Stack>
  )
}

function ColumnChoice({ module, columns, onChange }: { module: Module; columns: string[]; onChange: (columns: string[]) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { system_fields } = useMeta()
  const own = new Set(module.fields.map(({ id }) => id))
  const all = [...module.fields, ...system_fields.filter(({ id }) => !own.has(id))]
  return (
    <Stack gap={4}>
      <MultiSelect
        label={t('export.columns')}
        data={[{ value: 'id', label: 'ID' }, ...all.map(({ id, label }) => ({ value: id, label: format.label(label) }))]}
        value={columns}
        onChange={onChange}
        searchable
        hidePickedOptions
        maxDropdownHeight={260}
      />
      <Group gap="xs">
        <Button size="compact-xs" variant="subtle" onClick={() => onChange(['id', ...all.map(({ id }) => id)])}>
          {t('export.all')}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={() => onChange(module.list_columns)}>
          {t('export.as_list')}
        </Button>
      </Group>
    </Stack>
  )
}

function Running({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const done = ({ processed }: Job) => t('export.done', { count: processed, number: format.integer(processed) })
  return <RunningExport path={`/v1/exports/${id}`} done={done} onClose={onClose} />
}
