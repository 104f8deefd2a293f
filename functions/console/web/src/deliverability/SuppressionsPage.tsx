import { ActionIcon, Anchor, Button, Group, Text, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconFileImport, IconPlus, IconSearch, IconUserCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '../format'
import { useMayWrite, useMeta, useOwnerName } from '../meta'
import { recordPath } from '../records/columns'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Pager } from '../ui/Pager'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { AddDialog, ImportDialog, RemoveDialog } from './Dialogs'
import { useSuppressions, type Suppression } from './queries'

export function SuppressionsPage() {
  const { t } = useTranslation()
  const mayWrite = useMayWrite()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const [cursors, setCursors] = useState<string[]>([])
  const [adding, add] = useDisclosure(false)
  const [importing, load] = useDisclosure(false)
  const [leaving, setLeaving] = useState<Suppression | null>(null)
  const query = useSuppressions(search, cursors.at(-1) ?? null)
  const columns = useColumns(mayWrite ? setLeaving : null)
  return (
    <>
      <PageHeader title={t('nav.suppressions')}>
        {mayWrite && (
          <Group gap="xs">
            <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={load.open}>
              {t('suppression.import')}
            </Button>
            <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
              {t('suppression.add')}
            </Button>
          </Group>
        )}
      </PageHeader>
      <TextInput
        mb="sm"
        maw={420}
        type="search"
        aria-label={t('suppression.search')}
        placeholder={t('suppression.search')}
        leftSection={<IconSearch size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setCursors([])
        }}
      />
      {query.error && !query.data ? (
        <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      ) : (
        <ResponsiveTable
          label={t('nav.suppressions')}
          rows={query.data?.items}
          columns={columns}
          rowId={({ address }) => address}
          fetching={query.isPlaceholderData}
          empty={
            search ? (
              <EmptyState title={t('list.nothing_found')}>
                <Button variant="light" onClick={() => setTyped('')}>
                  {t('list.show_all')}
                </Button>
              </EmptyState>
            ) : (
              <EmptyState title={t('suppression.none')} hint={t('suppression.none_hint')} />
            )
          }
        />
      )}
      <Group justify="flex-end" mt="sm">
        <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
      </Group>
      <AddDialog opened={adding} onClose={add.close} />
      <ImportDialog opened={importing} onClose={load.close} />
      <RemoveDialog entry={leaving} onClose={() => setLeaving(null)} />
    </>
  )
}

function useColumns(onRemove: ((entry: Suppression) => void) | null): Column<Suppression>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const ownerName = useOwnerName()
  const reason = (id: string) => format.label(meta.suppression_reasons.find((known) => known.id === id)?.label) || id
  const columns: Column<Suppression>[] = [
    {
      id: 'address',
      title: t('suppression.address'),
      render: ({ address }) => (
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {address}
        </Text>
      ),
    },
    { id: 'reason', title: t('suppression.reason'), render: (entry) => <Text size="sm">{reason(entry.reason)}</Text> },
    { id: 'at', title: t('suppression.since'), render: ({ at }) => <Text size="sm">{format.instant(at)}</Text> },
    {
      id: 'from',
      title: t('suppression.from'),
      render: ({ message, by, note }) => (
        <Text size="sm">
          {message ? (
            <Anchor component={Link} to={recordPath('messages', message)} size="sm">
              {t('suppression.message')}
            </Anchor>
          ) : (
            by && ownerName(by)
          )}
          {note && `: ${note}`}
        </Text>
      ),
    },
  ]
  if (onRemove)
    columns.push({
      id: 'remove',
      title: t('job.action'),
      align: 'right',
      render: (entry) => (
        <Tooltip label={t('suppression.remove')}>
          <ActionIcon variant="subtle" color="red.9" aria-label={t('suppression.remove')} onClick={() => onRemove(entry)}>
            <IconUserCheck size={16} />
          </ActionIcon>
        </Tooltip>
      ),
    })
  return columns
}
