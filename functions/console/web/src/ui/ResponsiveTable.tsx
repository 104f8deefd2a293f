import { Box, Checkbox, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp, IconArrowsVertical } from '@tabler/icons-react'
import { DataTable } from 'mantine-datatable'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from './Feedback'
import './ResponsiveTable.css'

export interface Column<T> {
  id: string
  title: string
  render: (row: T) => ReactNode
  sortable?: boolean
  align?: 'left' | 'right' | 'center'
  width?: number | string
  /** On a phone the headline of the card already says it. */
  inHeadline?: boolean
  /** Nothing to tell of this row: its card leaves the line out. */
  absent?: (row: T) => boolean
}

export interface Sorting {
  column: string
  descending: boolean
}

interface Props<T> {
  label: string
  rows: T[] | undefined
  columns: Column<T>[]
  rowId: (row: T) => string
  empty: ReactNode
  /** What stands at the top of a card; the first column unless said otherwise. */
  headline?: (row: T) => ReactNode
  fetching?: boolean
  sorting?: Sorting | null
  onSort?: (sorting: Sorting) => void
  onOpen?: (row: T) => void
  /** Rows that are ticked; without a handler none can be. */
  selected?: T[]
  onSelect?: (rows: T[]) => void
  /** Records: each takes one line, and what does not fit ends in an ellipsis. */
  oneLine?: boolean
  /** What a row is called, for its tick. */
  rowName?: (row: T) => string
}

/** A phone, or a window as narrow as one. */
export const NARROW = '(max-width: 48em)'

/** One table on wide screens; on a phone each row becomes a card, so that nothing scrolls sideways. */
export function ResponsiveTable<T>(props: Props<T>) {
  const narrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches)
  const { rows } = props
  if (rows !== undefined && rows.length > 0 && narrow) return <Cards {...props} rows={rows} />
  return (
    <Paper p="xs">
      {rows === undefined ? <Loading lines={8} /> : rows.length === 0 ? props.empty : <WideTable {...props} rows={rows} />}
    </Paper>
  )
}

type Filled<T> = Props<T> & { rows: T[] }

function Cards<T>(props: Filled<T>) {
  const { t } = useTranslation()
  const { rows, rowId, rowName, label, selected = [], onSelect } = props
  const ticked = new Set(selected.map(rowId))
  const here = new Set(rows.map(rowId))
  const elsewhere = selected.filter((row) => !here.has(rowId(row)))
  const count = selected.length - elsewhere.length
  const tick = (row: T) => onSelect?.(ticked.has(rowId(row)) ? selected.filter((one) => rowId(one) !== rowId(row)) : [...selected, row])
  return (
    <>
      {onSelect && (
        <Checkbox
          mb="xs"
          ml="sm"
          label={t('list.tick_all')}
          checked={count === rows.length}
          indeterminate={count > 0 && count < rows.length}
          onChange={() => onSelect(count === rows.length ? elsewhere : [...elsewhere, ...rows])}
        />
      )}
      <Stack gap="xs" component="ul" aria-label={label} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {rows.map((row) => (
          <Paper key={rowId(row)} component="li" p="sm" className={ticked.has(rowId(row)) ? 'ticked' : undefined}>
            <Group gap="sm" wrap="nowrap" align="flex-start">
              {onSelect && (
                <Checkbox
                  mt={2}
                  aria-label={`${t('list.tick')} ${rowName?.(row) ?? rowId(row)}`}
                  checked={ticked.has(rowId(row))}
                  onChange={() => tick(row)}
                />
              )}
              <Card {...props} row={row} />
            </Group>
          </Paper>
        ))}
      </Stack>
    </>
  )
}

function Card<T>({ row, columns, headline, onOpen }: Filled<T> & { row: T }) {
  const [first, ...others] = columns
  const top = headline ?? first?.render
  return (
    <UnstyledButton component="div" flex={1} miw={0} onClick={onOpen && (() => onOpen(row))}>
      <Box fw={600} mb={4}>
        {top?.(row)}
      </Box>
      {others
        .filter(({ inHeadline, absent }) => (!inHeadline || !headline) && !absent?.(row))
        .map((column) => (
          <CardLine key={column.id} title={column.title} wide={column.width !== undefined} content={column.render(row)} />
        ))}
    </UnstyledButton>
  )
}

function CardLine({ title, content, wide }: { title: string; content: ReactNode; wide: boolean }) {
  if (content === null || content === undefined || content === '' || content === false) return null
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="md" mih={24}>
      <Text size="xs" c="dimmed" lh={1.7} style={{ flexShrink: 0 }}>
        {title}
      </Text>
      <Box fz="sm" ta="right" miw={wide ? 120 : 0} style={{ overflowWrap: 'anywhere' }}>
        {content}
      </Box>
    </Group>
  )
}

function WideTable<T>({ rows, columns, rowId, fetching, sorting, onSort, onOpen, label, selected, onSelect, rowName, oneLine }: Filled<T>) {
  const { t } = useTranslation()
  return (
    <DataTable<T>
      aria-label={label}
      className={oneLine ? 'one-line' : undefined}
      records={rows}
      idAccessor={(row) => rowId(row)}
      columns={columns.map((column) => ({
        accessor: column.id,
        title:
          column.sortable && onSort ? <SortButton column={column} sorting={sorting ?? null} onSort={onSort} /> : column.title,
        textAlign: column.align ?? 'left',
        width: column.width,
        render: column.render,
      }))}
      onRowClick={onOpen && (({ record }) => onOpen(record))}
      rowStyle={onOpen && (() => ({ cursor: 'pointer' }))}
      fetching={fetching}
      loaderBackgroundBlur={0}
      highlightOnHover
      {...(onSelect && {
        selectedRecords: selected ?? [],
        onSelectedRecordsChange: onSelect,
        allRecordsSelectionCheckboxProps: { 'aria-label': t('list.tick_all') },
        getRecordSelectionCheckboxProps: (record: T) => ({ 'aria-label': `${t('list.tick')} ${rowName?.(record) ?? rowId(record)}` }),
      })}
      verticalSpacing={9}
      minHeight={0}
      emptyState={<></>}
    />
  )
}

interface SortProps<T> {
  column: Column<T>
  sorting: Sorting | null
  onSort: (sorting: Sorting) => void
}

/** A real button in the header: the table kit's own speaks English only. */
function SortButton<T>({ column, sorting, onSort }: SortProps<T>) {
  const { t } = useTranslation()
  const state = sorting?.column !== column.id ? 'none' : sorting.descending ? 'descending' : 'ascending'
  const Arrow = { none: IconArrowsVertical, ascending: IconArrowUp, descending: IconArrowDown }[state]
  return (
    <UnstyledButton
      fw={700}
      fz="sm"
      className="sort"
      aria-label={`${column.title}, ${t(`list.sort_${state}`)}`}
      onClick={() => onSort({ column: column.id, descending: state === 'ascending' })}
    >
      <Group gap={4} wrap="nowrap" justify={column.align === 'right' ? 'flex-end' : 'flex-start'}>
        {column.title}
        <Arrow
          size={14}
          className={state === 'none' ? 'idle' : undefined}
          color={state === 'none' ? 'var(--mantine-color-gray-6)' : 'currentColor'}
          style={{ flexShrink: 0 }}
          aria-hidden
        />
      </Group>
    </UnstyledButton>
  )
}
