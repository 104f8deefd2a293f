import { ActionIcon, Badge, Box, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconAdjustmentsHorizontal, IconFilter, IconPlus, IconSearch, IconTableImport, IconX } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import type { Condition, Entity, Module } from '../api/types'
import { useCount, useRecords } from '../api/queries'
import { useSentence } from '../conditions/sentence'
import { keptDraft } from '../editing/kept'
import { ExportButton } from '../exchange/ExportButton'
import { filterDraft, useFilterName, useFilters } from '../filters/saved'
import { useFormat } from '../format'
import { titleOf, useMayWrite, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { EmptyState, Loading, ProblemAlert } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Pager } from '../ui/Pager'
import { ResponsiveTable } from '../ui/ResponsiveTable'
import { RecordHeadline, recordPath, useRecordColumns } from './columns'
import { LetterIndex } from './LetterIndex'
import { GroupCounts, ListOptions } from './ListOptions'
import { useColumns } from './many'
import { ManyBar } from './ManyBar'

// Every kind of input comes with it, calendars included: fetched when somebody filters.
const FilterPanel = lazy(() => import('../conditions/FilterPanel'))
const PAGE = 25

function conditionFrom(text: string | null): Condition | null {
  try {
    return text ? (JSON.parse(text) as Condition) : null
  } catch {
    return null
  }
}

/** What is shown already, and of it only those of one group. */
function narrower(condition: Condition | null, field: string, value: string | null): Condition {
  const leaf = (value === null ? { field, op: 'is_empty' } : { field, op: 'is', value }) as Condition
  return { all: condition ? [condition, leaf] : [leaf] } as Condition
}

export function ListPage() {
  const module = useModule(useParams().module)
  // Another module is another page: what was typed and paged through does not follow.
  return module ? <ModuleList key={module.id} module={module} /> : <NotFound />
}

function ModuleList({ module }: { module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const mayWrite = useMayWrite()
  // Search, filter and order stand in the address, so that a view can be shared and the back button works.
  const [address, setAddress] = useSearchParams()
  const [cursors, setCursors] = useState<string[]>([])
  const sort = address.get('sort')
  const search = address.get('search')
  const condition = conditionFrom(address.get('filter'))
  const letter = address.get('letter')
  const group = address.get('group')
  const [selected, setSelected] = useState<Entity[]>([])
  // On a phone the records come first: what else the list can do is one touch away.
  const [more, setMore] = useState(letter !== null || group !== null)
  const columns = useRecordColumns(module, useColumns(module.id).data?.columns)
  const query = useRecords(module.id, {
    filter: condition ? JSON.stringify(condition) : null,
    sort,
    search,
    letter,
    limit: PAGE,
    cursor: cursors.at(-1) ?? null,
  })
  const change = (name: string, value: string | null) => {
    setCursors([])
    setSelected([])
    setAddress((old) => {
      const next = new URLSearchParams(old)
      if (value) next.set(name, value)
      else next.delete(name)
      return next
    })
  }
  const create = (variant?: string) =>
    module.capabilities.create &&
    mayWrite && (
      <Button variant={variant} component={Link} to={`/records/${module.id}/new`} leftSection={<IconPlus size={16} />}>
        {t('action.create')}
      </Button>
    )
  const plain = search === null && letter === null
  const counted = useCount(module.id, condition, plain)
  const count = plain ? counted.data?.count : undefined
  const narrowed = condition !== null || search !== null || letter !== null
  const { data } = query
  const all = count === undefined ? null : { count, chosen: condition ? { condition } : { everything: true as const } }

  return (
    <>
      <PageHeader title={format.label(module.label)}>
        {module.capabilities.create && mayWrite && (
          <Button component={Link} to={`/records/${module.id}/import`} variant="default" leftSection={<IconTableImport size={16} />}>
            {t('import.open')}
          </Button>
        )}
        <ExportButton module={module} what={{ condition, search }} />
        {create()}
      </PageHeader>
      <Toolbar
        module={module}
        condition={condition}
        search={search}
        group={group}
        onChange={change}
        more={more}
        onMore={() => setMore(!more)}
      />
      <Box visibleFrom={more ? undefined : 'sm'}>
        <LetterIndex
          module={module}
          request={{ filter: condition && JSON.stringify(condition), search }}
          letter={letter}
          onChange={(next) => change('letter', next)}
        />
      </Box>
      {group && (
        <GroupCounts
          module={module}
          by={group}
          request={{ filter: condition && JSON.stringify(condition), search, letter }}
          onOpen={(value) => change('filter', JSON.stringify(narrower(condition, group, value)))}
        />
      )}
      {selected.length > 0 && (
        <ManyBar module={module} selected={selected} all={all} onDone={() => setSelected([])} />
      )}
      {query.error && !data ? (
        <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ResponsiveTable
          oneLine
          label={format.label(module.label)}
          rows={data?.items}
          columns={columns}
          headline={(record) => <RecordHeadline module={module} record={record} />}
          rowId={(record) => record.id}
          fetching={query.isPlaceholderData}
          sorting={sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : null}
          onSort={({ column, descending }) => change('sort', (descending ? '-' : '') + column)}
          rowName={(record) => titleOf(module, record)}
          selected={selected}
          onSelect={mayWrite && (module.capabilities.edit || module.capabilities.delete) ? setSelected : undefined}
          onOpen={(record) => navigate(recordPath(module.id, record.id))}
          empty={
            narrowed ? (
              <EmptyState title={t('list.nothing_found')} hint={t('list.nothing_found_hint')}>
                <Button component={Link} to={`/records/${module.id}`} variant="light">
                  {t('list.show_all')}
                </Button>
              </EmptyState>
            ) : (
              <EmptyState
                title={t('list.empty_module', { module: format.label(module.label).toLocaleLowerCase() })}
                hint={t(module.capabilities.create ? 'list.empty_hint' : 'list.empty_written')}
              >
                {create('light')}
              </EmptyState>
            )
          }
        />
      )}
      {data && data.items.length > 0 && (
        <Group justify="space-between" mt="sm">
          <Text size="sm" c="dimmed" aria-live="polite">
            {[
              count !== undefined && t('list.count', { count, number: format.integer(count) }),
              data.exact === false && t('list.lagging'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <Pager cursors={cursors} onChange={setCursors} next={data.next} />
        </Group>
      )}
    </>
  )
}

interface ToolbarProps {
  module: Module
  group: string | null
  condition: Condition | null
  search: string | null
  onChange: (name: string, value: string | null) => void
  more: boolean
  onMore: () => void
}

function Toolbar({ module, condition, search, group, onChange, more, onMore }: ToolbarProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [open, setOpen] = useState(() => keptDraft(filterDraft(module.id)) !== null)
  const [typed, setTyped] = useState(search ?? '')
  const sent = useRef(search)
  const searchSoon = useDebouncedCallback((text: string) => {
    sent.current = text || null
    onChange('search', sent.current)
  }, 300)
  // Somebody went back, or to the list anew: what stands in the address is what is searched for.
  useEffect(() => {
    if (search === sent.current) return
    sent.current = search
    setTyped(search ?? '')
  }, [search])
  const apply = (next: Condition | null) => {
    setOpen(false)
    onChange('filter', next && JSON.stringify(next))
  }

  return (
    <>
      <Group mb="sm" gap="xs">
        <TextInput
          type="search"
          aria-label={t('action.search')}
          placeholder={t('action.search')}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            searchSoon(currentTarget.value)
          }}
          flex={{ base: 1, sm: '0 1 320px' }}
        />
        <Button
          variant={condition ? 'light' : 'default'}
          leftSection={<IconFilter size={16} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t('filter.title')}
        </Button>
        <ActionIcon
          hiddenFrom="sm"
          size={36}
          variant="default"
          aria-label={t('options.more')}
          aria-expanded={more}
          onClick={onMore}
        >
          <IconAdjustmentsHorizontal size={18} />
        </ActionIcon>
        <SavedFilters module={module} condition={condition} onChoose={apply} />
        <Box visibleFrom={more ? undefined : 'sm'} ml={{ base: 0, sm: 'auto' }}>
          <ListOptions module={module} group={group} onGroup={(field) => onChange('group', field)} />
        </Box>
      </Group>
      {open && (
        <Suspense fallback={<Loading lines={2} />}>
          <FilterPanel module={module} condition={condition} onApply={apply} />
        </Suspense>
      )}
      {condition && !open && (
        <Group mb="sm" gap={4}>
          <Badge size="lg" maw="100%" style={{ color: 'var(--mantine-color-blue-9)' }}>
            {sentence(condition, module.id)}
          </Badge>
          <ActionIcon variant="subtle" aria-label={t('filter.clear')} onClick={() => apply(null)}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      )}
    </>
  )
}

/** The filters of the module, by their names: the list is narrowed to what the chosen one asks. */
function SavedFilters({ module, condition, onChoose }: { module: Module; condition: Condition | null; onChoose: (next: Condition | null) => void }) {
  const { t } = useTranslation()
  const nameOf = useFilterName()
  const filters = useFilters(module.id).data?.items ?? []
  const now = JSON.stringify(condition)
  const chosen = filters.find((filter) => JSON.stringify(filter.condition) === now)
  if (filters.length === 0) return null
  return (
    <Select
      aria-label={t('filter.choose')}
      placeholder={t('filter.choose')}
      clearable
      clearButtonProps={{ 'aria-label': t('filter.clear') }}
      searchable={filters.length > 7}
      nothingFoundMessage={t('list.nothing_found')}
      data={filters.map((filter) => ({ value: filter.id, label: nameOf(filter) }))}
      value={chosen?.id ?? null}
      onChange={(id) => onChoose(filters.find((filter) => filter.id === id)?.condition ?? null)}
      w={{ base: '100%', sm: 200 }}
    />
  )
}
