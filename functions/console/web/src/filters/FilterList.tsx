import { Anchor, Badge, Button, Group, Select, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { isWrittenTo } from '../conditions/scope'
import { useSentence } from '../conditions/sentence'
import { useFormat } from '../format'
import { useMayWrite, useMeta } from '../meta'
import { Await, EmptyState } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { useFilterName, useFilters, type SavedFilter } from './saved'

/** The filters of one module: those that come with the product first. */
export function FilterList() {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const { modules } = useMeta()
  const mayWrite = useMayWrite()
  const [address, setAddress] = useSearchParams()
  const module = modules.find(({ id }) => id === address.get('module')) ?? modules.find((each) => isWrittenTo(each, modules)) ?? modules[0]
  const columns = useColumns()
  const query = useFilters(module?.id ?? null)
  const draft = { name: '', module: module?.id, condition: { all: [] } }
  const create = (variant?: string) =>
    mayWrite && (
      <Button variant={variant} component={Link} to="/filters/new" state={{ draft }} leftSection={<IconPlus size={16} />}>
        {t('action.create')}
      </Button>
    )
  return (
    <>
      <PageHeader title={t('nav.filters')}>{create()}</PageHeader>
      <Group mb="sm">
        <Select
          label={t('property.module')}
          allowDeselect={false}
          data={modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={module?.id ?? null}
          onChange={(id) => id && setAddress({ module: id })}
        />
      </Group>
      <Await query={query} lines={8}>
        {({ items }) => (
          <ResponsiveTable
            label={t('nav.filters')}
            rows={items}
            columns={columns}
            rowId={({ id }) => id}
            onOpen={({ id }) => void navigate(`/filters/${id}`)}
            empty={
              <EmptyState title={t('empty.filters.title')} hint={t('empty.filters.hint')}>
                {create('light')}
              </EmptyState>
            }
          />
        )}
      </Await>
    </>
  )
}

function useColumns(): Column<SavedFilter>[] {
  const { t } = useTranslation()
  const sentence = useSentence()
  const nameOf = useFilterName()
  return [
    {
      id: 'name',
      title: t('property.name'),
      render: (filter) => (
        <Anchor component={Link} to={`/filters/${filter.id}`} size="sm" fw={600} onClick={(event) => event.stopPropagation()}>
          {nameOf(filter)}
        </Anchor>
      ),
    },
    {
      id: 'condition',
      title: t('property.condition'),
      render: ({ condition, module }) => (
        <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
          {sentence(condition, module) || t('condition.none')}
        </Text>
      ),
    },
    {
      id: 'readonly',
      title: t('filter.origin'),
      render: ({ readonly }) => (
        <Badge color="gray" c="gray.9">
          {t(readonly ? 'filter.shipped' : 'filter.own')}
        </Badge>
      ),
    },
  ]
}
