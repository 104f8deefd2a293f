import { Button, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconArrowBackUp, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { Entity, Module } from '../api/types'
import { useFormat } from '../format'
import { titleOf, useMayWrite, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { tell, warn } from '../ui/confirm'
import { EmptyState, ProblemAlert, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Pager } from '../ui/Pager'
import { ResponsiveTable } from '../ui/ResponsiveTable'
import { useBin, useMany } from './many'

const DAYS = 30

export function BinPage() {
  const module = useModule(useParams().module)
  return module ? <Bin key={module.id} module={module} /> : <NotFound />
}

function Bin({ module }: { module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [search, setSearch] = useState('')
  const [cursors, setCursors] = useState<string[]>([])
  const searchSoon = useDebouncedCallback((text: string) => (setCursors([]), setSearch(text)), 300)
  const query = useBin(module.id, search || null, cursors.at(-1) ?? null)
  const goes = (deleted: string) => format.instant(new Date(Date.parse(deleted) + DAYS * 86_400_000).toISOString())
  const text = (value: string | null | undefined) => <Text size="sm">{value}</Text>
  return (
    <>
      <PageHeader
        title={t('bin.title', { module: format.label(module.label) })}
        above={{ label: format.label(module.label), to: `/records/${module.id}` }}
      />
      <Text size="sm" c="dimmed" mb="sm">
        {t('bin.hint')}
      </Text>
      <TextInput
        type="search"
        aria-label={t('action.search')}
        placeholder={t('action.search')}
        leftSection={<IconSearch size={16} />}
        onChange={({ currentTarget }) => searchSoon(currentTarget.value)}
        maw={320}
        mb="sm"
      />
      {query.error ? (
        <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ResponsiveTable
          label={t('bin.title', { module: format.label(module.label) })}
          rows={query.data?.items}
          rowId={(record) => record.id}
          columns={[
            { id: 'name', title: t('bin.name'), render: (record) => <Text size="sm" fw={600}>{titleOf(module, record)}</Text> },
            { id: 'number', title: t('record.number'), render: (record) => text(record.number) },
            { id: 'deleted', title: t('bin.deleted'), render: (record) => text(format.instant(record.deleted_at ?? record.updated_at)) },
            { id: 'goes', title: t('bin.goes'), render: (record) => text(goes(record.deleted_at ?? record.updated_at)) },
            { id: 'action', title: '', align: 'right', render: (record) => <Restore module={module} record={record} /> },
          ]}
          empty={
            <EmptyState title={t(search ? 'list.nothing_found' : 'bin.empty')}>
              <Button component={Link} to={`/records/${module.id}`} variant="light">
                {t('bin.back', { module: format.label(module.label).toLocaleLowerCase() })}
              </Button>
            </EmptyState>
          }
        />
      )}
      <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
    </>
  )
}

function Restore({ module, record }: { module: Module; record: Entity }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const { restore } = useMany(module.id)
  if (!useMayWrite()) return null
  return (
    <Button
      size="compact-sm"
      variant="light"
      leftSection={<IconArrowBackUp size={14} />}
      loading={restore.isPending}
      aria-label={`${t('bin.restore')}: ${titleOf(module, record)}`}
      onClick={() =>
        restore.mutate(record.id, {
          onSuccess: () => tell(t('bin.restored', { name: titleOf(module, record) })),
          onError: (error) => warn(problemText(error)),
        })
      }
    >
      {t('bin.restore')}
    </Button>
  )
}
