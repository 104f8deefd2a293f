import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { IconQuestionMark } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Condition, Entity } from '../api/types'
import { useRecords } from '../api/queries'
import { useMayWrite } from '../meta'
import { recordPath } from '../records/columns'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Pager } from '../ui/Pager'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { Decide } from './Decide'
import { DecideMany } from './DecideMany'
import { MessageState, useRecipient, useWhyNot } from './state'

const is = (field: string, value: string): Condition => ({ field, op: 'is', value })
const OPEN: Condition = { any: [is('status', 'uncertain'), is('status', 'held')] }
const PAGE = 25

/** The mails of which nobody knows whether they left, of every campaign, workflow and drip. */
export function OpenQuestionsPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('nav.open-questions')} />
      <Text size="sm" mb="sm" maw={720}>
        {t('decide.hint')}
      </Text>
      <List
        condition={OPEN}
        empty={
          <EmptyState title={t('decide.none')} hint={t('decide.none_hint')}>
            <Button component={Link} to="/records/messages" variant="light">
              {t('decide.see_messages')}
            </Button>
          </EmptyState>
        }
      />
    </>
  )
}

/** What a campaign's sends left for a person to decide; nothing where they left nothing. */
export function OpenQuestions({ campaign }: { campaign: string }) {
  const { t } = useTranslation()
  const condition: Condition = { all: [is('campaign', campaign), OPEN] }
  const open = useRecords('messages', { filter: JSON.stringify(condition), limit: PAGE, cursor: null }).data?.items ?? []
  if (open.length === 0) return null
  return (
    <>
      <Alert
        color="orange"
        icon={<IconQuestionMark aria-hidden />}
        title={t('decide.title')}
        styles={{ title: { color: 'var(--mantine-color-gray-9)' } }}
      >
        {t('decide.hint')}
      </Alert>
      <List condition={condition} empty={null} />
    </>
  )
}

/** Decided one by one, those that are ticked, or all: nothing is sent again by itself. */
function List({ condition, empty }: { condition: Condition; empty: React.ReactNode }) {
  const { t } = useTranslation()
  const [cursors, setCursors] = useState<string[]>([])
  const [selected, setSelected] = useState<Entity[]>([])
  const columns = useColumns()
  const recipient = useRecipient()
  const mayWrite = useMayWrite()
  const query = useRecords('messages', { filter: JSON.stringify(condition), limit: PAGE, cursor: cursors.at(-1) ?? null })
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  const more = cursors.length > 0 || Boolean(query.data?.next)
  // What was decided meanwhile is ticked no more.
  const shown = new Set(query.data?.items.map(({ id }) => id))
  const ticked = selected.filter(({ id }) => shown.has(id))
  return (
    <>
      {(query.data?.items.length ?? 0) > 1 && <DecideMany selected={ticked} condition={condition} onDone={() => setSelected([])} />}
      <ResponsiveTable
        label={t('decide.title')}
        rows={query.data?.items}
        columns={columns}
        rowId={({ id }) => id}
        fetching={query.isPlaceholderData}
        selected={ticked}
        onSelect={mayWrite ? setSelected : undefined}
        rowName={(message) => recipient(message).name}
        empty={empty}
      />
      {more && (
        <Group justify="flex-end" mt="sm">
          <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
        </Group>
      )}
    </>
  )
}

function useColumns(): Column<Entity>[] {
  const { t } = useTranslation()
  const whyNot = useWhyNot()
  const recipient = useRecipient()
  return [
    {
      id: 'recipient',
      title: t('decide.recipient'),
      render: (message) => (
        <Anchor component={Link} to={recordPath('messages', message.id)} size="sm" fw={600}>
          {recipient(message).name}
        </Anchor>
      ),
    },
    { id: 'name', title: t('decide.mail'), render: ({ values, number }) => <Text size="sm">{`${values.name ?? ''} (${number})`}</Text> },
    { id: 'state', title: t('job.state'), render: (message) => <MessageState message={message} /> },
    { id: 'why', title: t('decide.why'), render: (message) => <Text size="sm">{whyNot(message).words}</Text> },
    {
      id: 'decide',
      title: t('job.action'),
      align: 'right',
      render: (message) => <Decide message={message} name={recipient(message).name} />,
    },
  ]
}
