import { Group, Select, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Module } from '../api/types'
import { useTargetLabel } from './targets'
import type { Asked, Preview } from './types'

interface Props {
  preview: Preview
  asked: Asked
  module: Module
  change: (more: Asked) => void
}

/** Each column of the file with what stands in it first, and what it is to be. */
export function MappingTable({ preview, asked, module, change }: Props) {
  const { t } = useTranslation()
  const label = useTargetLabel(module)
  const columns = asked.columns ?? preview.plan.columns
  const choose = (index: number, target: string | null) => {
    // A field is in one column only: who takes it, takes it away.
    const next = columns.map((each, at) => (at === index ? target : each === target ? null : each))
    const match = asked.match ?? preview.plan.match
    const lost = match !== 'none' && !next.includes(match)
    change({ columns: next, match: lost ? (preview.matches.find((each) => next.includes(each)) ?? 'none') : match })
  }
  const options = preview.targets
    .map((value) => ({ value, label: label(value) }))
    .sort((one, other) => one.label.localeCompare(other.label))
  return (
    <Stack gap="xs" component="ul" aria-label={t('import.step_columns')} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {preview.headers.map((header, index) => (
        <Group key={index} component="li" gap="sm" wrap="wrap" align="center">
          <Stack gap={0} flex="1 1 240px" miw={0}>
            <Text size="sm" fw={600} truncate>
              {header || t('import.no_header', { number: index + 1 })}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {preview.rows
                .map(({ cells }) => cells[index])
                .filter(Boolean)
                .slice(0, 3)
                .join(' · ') || '—'}
            </Text>
          </Stack>
          <Select
            flex="1 1 220px"
            maw={360}
            aria-label={t('import.column_as', { header: header || String(index + 1) })}
            placeholder={t('import.left_out')}
            data={options}
            value={columns[index] ?? null}
            onChange={(target) => choose(index, target)}
            clearable
            searchable
            nothingFoundMessage={t('list.nothing_found')}
          />
        </Group>
      ))}
    </Stack>
  )
}
