import { ActionIcon, Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { FocusEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorAt } from '../editing/errors'
import { useMeta } from '../meta'
import type { Cursor } from './DocumentTemplateFields'
import type { Part } from './parts'

interface Props {
  part: Part
  path: string
  onCursor: (cursor: Cursor) => void
  onChange: (part: Part) => void
}

/** A table: its columns, its rows, and the list that the rows are repeated for. */
export function LinesFields({ part, path, onCursor, onChange }: Props) {
  const { t } = useTranslation()
  const { choices } = useMeta()
  const wrong = [useErrorAt(`${path}.columns`), useErrorAt(`${path}.rows`)].find(Boolean)
  const each = useErrorAt(`${path}.each`)
  const columns = part.columns ?? []
  const rows = part.rows ?? []
  const column = (index: number, more: object) =>
    onChange({ ...part, columns: columns.map((each, place) => (place === index ? { ...each, ...more } : each)) })
  const cell = (r: number, c: number, text: string) =>
    onChange({ ...part, rows: rows.map((row, place) => (place === r ? row.map((old, index) => (index === c ? text : old)) : row)) })
  const input = (label: string, value: string, write: (text: string) => void) => (
    <TextInput
      size="xs"
      miw={130}
      aria-label={label}
      value={value}
      onFocus={({ currentTarget }: FocusEvent<HTMLInputElement>) => onCursor({ input: currentTarget, write })}
      onChange={({ currentTarget }) => write(currentTarget.value)}
    />
  )
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('word.part.lines') } }}>
        <Table withRowBorders={false} horizontalSpacing={4} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ title, align }, index) => (
                <Table.Th key={index}>
                  <Stack gap={4}>
                    {input(t('document.column', { number: index + 1 }), title, (text) => column(index, { title: text }))}
                    <Group gap={4} wrap="nowrap">
                      <Select
                        size="xs"
                        miw={100}
                        aria-label={t('document.align', { number: index + 1 })}
                        allowDeselect={false}
                        data={(choices.document_align ?? []).map((value) => ({ value, label: t(`word.align.${value}`) }))}
                        value={align ?? 'left'}
                        onChange={(next) => next && column(index, { align: next })}
                      />
                      <ActionIcon
                        variant="subtle"
                        color="red.9"
                        disabled={columns.length === 1}
                        aria-label={t('document.remove_column', { number: index + 1 })}
                        onClick={() =>
                          onChange({
                            ...part,
                            columns: columns.filter((_, place) => place !== index),
                            rows: rows.map((row) => row.filter((_, place) => place !== index)),
                          })
                        }
                      >
                        <IconTrash size={14} />
                      </ActionIcon>
                    </Group>
                  </Stack>
                </Table.Th>
              ))}
              <Table.Th aria-label={t('action.delete')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, r) => (
              <Table.Tr key={r}>
                {row.map((text, c) => (
                  <Table.Td key={c}>{input(t('document.cell', { row: r + 1, column: c + 1 }), text, (next) => cell(r, c, next))}</Table.Td>
                ))}
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="red.9"
                    disabled={rows.length === 1}
                    aria-label={t('document.remove_row', { number: r + 1 })}
                    onClick={() => onChange({ ...part, rows: rows.filter((_, place) => place !== r) })}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {wrong && (
        <Text size="sm" c="red.9">
          {wrong}
        </Text>
      )}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={columns.length >= 8}
          onClick={() =>
            onChange({ ...part, columns: [...columns, { title: '', align: 'left' }], rows: rows.map((row) => [...row, '']) })
          }
        >
          {t('document.add_column')}
        </Button>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => onChange({ ...part, rows: [...rows, columns.map(() => '')] })}>
          {t('document.add_row')}
        </Button>
      </Group>
      <TextInput
        maw={320}
        label={t('property.each')}
        description={t('document.each_hint')}
        error={each}
        value={part.each ?? ''}
        onChange={({ currentTarget }) => onChange({ ...part, each: currentTarget.value })}
      />
    </Stack>
  )
}
