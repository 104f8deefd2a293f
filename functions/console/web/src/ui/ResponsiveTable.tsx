import { Box, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { DataTable, type DataTableSortStatus } from 'mantine-datatable'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from './Feedback'

export interface Column<T> {
  id: string
  title: string
  render: (row: T) => ReactNode
  sortable?: boolean
  align?: 'left' | 'right' | 'center'
  width?: number | string
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
  fetching?: boolean
  sorting?: Sorting | null
  onSort?: (sorting: Sorting) => void
  onOpen?: (row: T) => void
}

/** One table on wide screens; on a phone each row becomes a card, so that nothing scrolls sideways. */
export function ResponsiveTable<T>(props: Props<T>) {
  const narrow = useMediaQuery('(max-width: 48em)', window.matchMedia('(max-width: 48em)').matches)
  if (props.rows === undefined) return <Loading lines={8} />
  if (props.rows.length === 0) return <>{props.empty}</>
  return narrow ? <Cards {...props} rows={props.rows} /> : <WideTable {...props} rows={props.rows} />
}

type Filled<T> = Props<T> & { rows: T[] }

function Cards<T>({ rows, columns, rowId, onOpen, label }: Filled<T>) {
  const [first, ...others] = columns
  return (
    <Stack gap="xs" component="ul" aria-label={label} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {rows.map((row) => (
        <Paper key={rowId(row)} component="li" p="sm">
          <UnstyledButton component="div" w="100%" onClick={onOpen && (() => onOpen(row))}>
            <Box fw={600} mb={4}>
              {first?.render(row)}
            </Box>
            {others.map((column) => {
              const content = column.render(row)
              return content === null || content === '' ? null : (
                <Group key={column.id} justify="space-between" wrap="nowrap" align="flex-start" gap="md">
                  <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
                    {column.title}
                  </Text>
                  <Box fz="sm" ta="right" miw={column.width ? 120 : 0} style={{ overflowWrap: 'anywhere' }}>
                    {content}
                  </Box>
                </Group>
              )
            })}
          </UnstyledButton>
        </Paper>
      ))}
    </Stack>
  )
}

function WideTable<T>({ rows, columns, rowId, fetching, sorting, onSort, onOpen, label }: Filled<T>) {
  const { t } = useTranslation()
  const status: DataTableSortStatus<T> = {
    columnAccessor: sorting?.column ?? '',
    direction: sorting?.descending ? 'desc' : 'asc',
  }
  return (
    <DataTable<T>
      aria-label={label}
      records={rows}
      idAccessor={(row) => rowId(row)}
      columns={columns.map((column) => ({
        accessor: column.id,
        title: column.title,
        sortable: column.sortable && onSort !== undefined,
        textAlign: column.align ?? 'left',
        width: column.width,
        render: column.render,
      }))}
      sortStatus={status}
      onSortStatusChange={
        onSort && ((next) => onSort({ column: String(next.columnAccessor), descending: next.direction === 'desc' }))
      }
      onRowClick={onOpen && (({ record }) => onOpen(record))}
      rowStyle={onOpen && (() => ({ cursor: 'pointer' }))}
      fetching={fetching}
      loaderBackgroundBlur={0}
      highlightOnHover
      verticalSpacing="sm"
      minHeight={rows.length === 0 ? 160 : 0}
      noRecordsText={t('list.empty')}
    />
  )
}
