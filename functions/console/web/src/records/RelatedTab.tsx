import { ActionIcon, Button, Group, Stack } from '@mantine/core'
import { IconLink, IconLinkOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link as RouterLink, useNavigate } from 'react-router'
import type { Entity, Module } from '../api/types'
import { useLink, useRelated } from '../api/queries'
import { RecordPicker } from '../fields/RecordPicker'
import { useFormat } from '../format'
import { titleOf, useMayWrite, useModule } from '../meta'
import { Window } from '../ui/Window'
import { ask, warn } from '../ui/confirm'
import { EmptyState, ProblemAlert, useProblemText } from '../ui/Feedback'
import { Pager } from '../ui/Pager'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { RecordHeadline, recordPath, useRecordColumns } from './columns'

interface Props {
  module: Module
  record: Entity
  /** Put there and taken away one by one, many to many; else they point here through a field of theirs. */
  linked: boolean
}

export function RelatedTab({ other, ...rest }: Props & { other: string }) {
  const declaration = useModule(other)
  return declaration ? <RelatedTable {...rest} other={declaration} /> : null
}

function RelatedTable({ module, record, other, linked }: Props & { other: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const columns = useRecordColumns(other)
  const [cursors, setCursors] = useState<string[]>([])
  const query = useRelated(module.id, record.id, other.id, cursors.at(-1) ?? null, linked ? 'linked' : 'related')
  const pointing = linked ? undefined : other.fields.find(({ relation, readonly }) => relation === module.id && !readonly)?.id
  const editable = useMayWrite() && linked && module.capabilities.edit
  const unlink: Column<Entity> = {
    id: 'unlink',
    title: t('linked.commands'),
    align: 'right',
    render: (found) => <Unlink module={module} record={record} other={other} found={found} />,
  }
  const shownColumns = columns.map((column) => ({ ...column, sortable: false }))
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      {editable && <Link module={module} record={record} other={other} />}
      <ResponsiveTable
        oneLine
        label={format.label(other.label)}
        rows={query.data?.items}
        headline={(found) => <RecordHeadline module={other} record={found} />}
        columns={editable ? [...shownColumns, unlink] : shownColumns}
        rowId={({ id }) => id}
        fetching={query.isPlaceholderData}
        onOpen={({ id }) => navigate(recordPath(other.id, id))}
        empty={
          <EmptyState title={t('list.empty_related')}>
            {pointing && other.capabilities.create && (
              <Button component={RouterLink} to={`/records/${other.id}/new?${pointing}=${record.id}`} variant="light">
                {t('list.create_related', { one: format.label(other.label_one) })}
              </Button>
            )}
          </EmptyState>
        }
      />
      <Group justify="flex-end" mt="sm">
        <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
      </Group>
    </>
  )
}

interface Pair {
  module: Module
  record: Entity
  other: Module
}

function Link({ module, record, other }: Pair) {
  const { t } = useTranslation()
  const one = useFormat().label(other.label_one)
  const [picking, setPicking] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const link = useLink(module.id, record.id, other.id)
  const close = () => {
    setPicking(false)
    setChosen([])
  }
  return (
    <>
      <Button variant="light" mb="sm" leftSection={<IconLink size={16} />} onClick={() => setPicking(true)}>
        {t('linked.add', { one })}
      </Button>
      <Window opened={picking} onClose={close} title={t('linked.add', { one })}>
        <Stack>
          {link.error && <ProblemAlert error={link.error} />}
          <RecordPicker module={other} chosen={chosen} onChange={setChosen} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button
              disabled={chosen.length === 0}
              loading={link.isPending}
              onClick={() => link.mutate({ ids: chosen, linked: true }, { onSuccess: close })}
            >
              {t('action.add')}
            </Button>
          </Group>
        </Stack>
      </Window>
    </>
  )
}

function Unlink({ module, record, other, found }: Pair & { found: Entity }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const link = useLink(module.id, record.id, other.id)
  const name = titleOf(other, found)
  const act = () => link.mutate({ ids: [found.id], linked: false }, { onError: (error) => warn(problemText(error)) })
  return (
    <ActionIcon
      variant="subtle"
      color="red"
      c="red.9"
      aria-label={`${t('linked.remove')}: ${name}`}
      loading={link.isPending}
      onClick={(event) => {
        event.stopPropagation()
        ask({ title: t('linked.remove'), text: t('linked.remove_text', { name }), confirm: t('linked.remove'), act })
      }}
    >
      <IconLinkOff size={16} />
    </ActionIcon>
  )
}
