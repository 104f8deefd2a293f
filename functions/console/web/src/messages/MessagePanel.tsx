import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Entity } from '../api/types'
import { useModule } from '../meta'
import { recordPath } from '../records/columns'
import { TimelineTab } from '../records/TimelineTab'
import { Decide } from './Decide'
import { Documents } from './Documents'
import { isOpen, MessageState, useRecipient, useWhyNot } from './state'

/** What a message was, to whom, for what, what became of it, and everything that happened, the newest first. */
export function MessagePanel({ record }: { record: Entity }) {
  const { t } = useTranslation()
  const module = useModule('messages')
  const recipient = useRecipient()(record)
  const { words, said } = useWhyNot()(record)
  const { template_id: templateId, template, name, campaign } = record.values
  return (
    <Stack mb="md">
      <Paper component="section" aria-label={t('message.outcome')}>
        <Group justify="space-between" align="flex-start" mb={words ? 'xs' : 'md'}>
          <Group gap="xs">
            <MessageState message={record} />
            {words && <Text size="sm">{words}</Text>}
          </Group>
          {isOpen(record) && <Decide message={record} name={recipient.name} />}
        </Group>
        {isOpen(record) && (
          <Text size="sm" mb="md">
            {t('decide.hint')}
          </Text>
        )}
        {said && (
          <Text size="sm" c="dimmed" mb="md" style={{ overflowWrap: 'anywhere' }}>
            {t('message.server_said', { words: said })}
          </Text>
        )}
        <SimpleGrid component="dl" cols={{ base: 1, xs: 3 }} m={0}>
          <Fact label={t('decide.recipient')}>
            {recipient.module && recipient.id ? (
              <To path={recordPath(recipient.module, recipient.id)}>{recipient.name}</To>
            ) : (
              '—'
            )}
          </Fact>
          <Fact label={t('property.template_id')}>
            {templateId ? <To path={`/templates/${templateId}`}>{String(template ?? name ?? templateId)}</To> : String(template ?? '—')}
          </Fact>
          <Fact label={t('property.campaign')}>
            {campaign ? <To path={recordPath('campaigns', String(campaign))}>{record.titles?.campaign ?? String(campaign)}</To> : '—'}
          </Fact>
        </SimpleGrid>
      </Paper>
      <Documents message={record} />
      {module && (
        <section aria-label={t('message.history')}>
          <Title order={2} fz="md" mb="xs">
            {t('message.history')}
          </Title>
          <TimelineTab module={module} id={record.id} />
        </section>
      )}
    </Stack>
  )
}

const To = ({ path, children }: { path: string; children: string }) => (
  <Anchor component={Link} to={path} size="sm" style={{ overflowWrap: 'anywhere' }}>
    {children}
  </Anchor>
)

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} size="sm">
        {children}
      </Text>
    </div>
  )
}
