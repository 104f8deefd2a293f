import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { IconQuestionMark } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Entity } from '../api/types'
import { invalidateSoon, useRecords } from '../api/queries'
import { recordPath } from '../records/columns'
import { RECIPIENTS, useMayWrite, useModule } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { StateBadge } from '../ui/StateBadge'
import { useReason } from './words'

const is = (field: string, value: string) => ({ field, op: 'is', value })
const PAGE = 25

/** Mails of which nobody knows whether they left: a person decides, nothing is sent again by itself. */
export function OpenQuestions({ campaign }: { campaign: string }) {
  const { t } = useTranslation()
  const condition = { all: [is('campaign', campaign), { any: [is('status', 'uncertain'), is('status', 'held')] }] }
  const query = useRecords('messages', { filter: JSON.stringify(condition), limit: PAGE })
  const columns = useColumns()
  const open = query.data?.items ?? []
  if (open.length === 0) return null
  return (
    <>
      <Alert
        color="orange"
        icon={<IconQuestionMark aria-hidden />}
        title={t('decide.title')}
        styles={{ title: { color: 'var(--mantine-color-gray-9)' } }}
      >
        <Text size="sm">{t('decide.hint')}</Text>
      </Alert>
      <ResponsiveTable label={t('decide.title')} rows={open} columns={columns} rowId={({ id }) => id} empty={null} />
    </>
  )
}

/** A message names its recipient by one relation for each module of people. */
function useRecipient(): (message: Entity) => string {
  const messages = useModule('messages')
  return (message) => {
    const fields = messages?.fields.filter(({ relation }) => relation && RECIPIENTS.includes(relation)) ?? []
    return fields.map(({ id }) => message.titles?.[id]).find(Boolean) ?? message.id
  }
}

function useColumns(): Column<Entity>[] {
  const { t } = useTranslation()
  const reason = useReason()
  const recipient = useRecipient()
  return [
    {
      id: 'recipient',
      title: t('decide.recipient'),
      render: (message) => (
        <Anchor component={Link} to={recordPath('messages', message.id)} size="sm" fw={600}>
          {recipient(message)}
        </Anchor>
      ),
    },
    { id: 'number', title: t('record.number'), render: ({ number }) => <Text size="sm">{number}</Text> },
    { id: 'state', title: t('job.state'), render: ({ values }) => <StateBadge state={String(values.status)} /> },
    { id: 'why', title: t('decide.why'), render: ({ values }) => <Text size="sm">{reason(String(values.reason ?? ''))}</Text> },
    { id: 'decide', title: t('job.action'), align: 'right', render: (message) => <Decide message={message} name={recipient(message)} /> },
  ]
}

function Decide({ message, name }: { message: Entity; name: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const mayWrite = useMayWrite()
  const deciding = useMutation({
    mutationFn: (decision: 'accept' | 'send-again') => api.post(`/v1/messages/${message.id}/${decision}`, {}),
    onSuccess: (_, decision) => {
      tell(t(decision === 'accept' ? 'decide.accepted' : 'decide.sent_again'))
      invalidateSoon(client, ['records', 'messages'])
      void client.invalidateQueries({ queryKey: ['jobs'] })
    },
    onError: (error) => warn(problemText(error)),
  })
  if (!mayWrite) return null
  const again = () =>
    ask({
      title: t('decide.again_title', { name }),
      text: t('decide.again_text'),
      confirm: t('decide.again'),
      act: () => deciding.mutate('send-again'),
    })
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="compact-sm" variant="light" disabled={deciding.isPending} onClick={() => deciding.mutate('accept')}>
        {t('decide.accept')}
      </Button>
      <Button size="compact-sm" variant="default" disabled={deciding.isPending} onClick={again}>
        {t('decide.again')}
      </Button>
    </Group>
  )
}
