import { Badge, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json, Module } from '../api/types'
import { plainValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { fieldOf } from '../meta'
import { OutcomeTiles } from './OutcomeTiles'
import { useTargetLabel } from './targets'
import type { Preview, PreviewRow } from './types'

const COLOURS = { new: 'teal', changed: 'blue', unchanged: 'gray', refused: 'red' } as const
const MOST = 8

/** What would become of the first rows, each as its record would be. */
export function FirstRows({ preview, module, fetching }: { preview: Preview; module: Module; fetching: boolean }) {
  return (
    <Stack aria-busy={fetching}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <OutcomeTiles counts={preview.counts} />
      </SimpleGrid>
      {preview.rows.map((row) => (
        <RowCard key={row.line} row={row} module={module} columns={preview.plan.columns} />
      ))}
    </Stack>
  )
}

function RowCard({ row, module, columns }: { row: PreviewRow; module: Module; columns: (string | null)[] }) {
  const { t } = useTranslation()
  const label = useTargetLabel(module)
  const format = useFormat()
  const shownAs = (target: string) => {
    const value = row.values[target]
    const field = fieldOf(module, target)
    // A related record is named as the file names it.
    return field && !field.relation && field.type !== 'user' ? plainValue(field, value, format) : written(value)
  }
  const values = columns.filter((target) => target !== null && row.values[target] !== undefined) as string[]
  return (
    <Paper withBorder p="xs">
      <Group gap="xs" mb={4}>
        <Badge color={COLOURS[row.outcome]} variant="light" c="gray.9">
          {t(`import.outcome_of_row.${row.outcome}`)}
        </Badge>
        <Text size="xs" c="dimmed">
          {t('import.line', { number: row.line })}
        </Text>
      </Group>
      {row.errors.map(({ path, rule, message }) => (
        <Text key={path + rule} size="sm" c="red.9">
          {message}
        </Text>
      ))}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {row.outcome === 'refused'
          ? row.cells.slice(0, MOST).join(' · ')
          : values
              .slice(0, MOST)
              .map((target) => `${label(target)}: ${shownAs(target)}`)
              .join(' · ')}
      </Text>
    </Paper>
  )
}

const written = (value: Json | undefined): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value)
