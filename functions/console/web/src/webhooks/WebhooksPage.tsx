import { ActionIcon, Alert, Anchor, Button, Code, CopyButton, Group, Stack, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconInfoCircle, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Page } from '../api/types'
import { keptOf } from '../editing/kept'
import { useMeta } from '../meta'
import { NotFound } from '../shell/NotFound'
import { ask, tell, warn } from '../ui/confirm'
import { Await, EmptyState, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { WebhookDialog } from './WebhookDialog'

export interface Webhook {
  id: string
  name: string
  provider: string
  url: string
  authorization: string[]
  signing: string[]
  topics: string[]
}

/** How mail providers tell what became of mails: their addresses, and what proves each of them. */
export function WebhooksPage() {
  const { t } = useTranslation()
  const meta = useMeta()
  const [adding, setAdding] = useState(() => keptOf('webhooks') !== null)
  const columns = useColumns()
  const admin = meta.user.role === 'admin'
  const query = useQuery({ queryKey: ['webhooks'], queryFn: () => api.get<Page<Webhook>>('/v1/webhooks'), enabled: admin })
  if (!admin) return <NotFound />
  const add = (variant?: string) => (
    <Button variant={variant} leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('webhook.add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('nav.webhooks')}>{add()}</PageHeader>
      <Alert icon={<IconInfoCircle />} mb="md" c="dark">
        <Stack gap="xs">
          <Text size="sm">{t('webhook.intro')}</Text>
          <Group gap="md">
            {meta.webhook_providers.map(({ id, docs }) => (
              <Anchor key={id} href={docs} target="_blank" rel="noreferrer noopener" size="sm" c="blue.9" underline="always">
                {t('webhook.docs', { provider: providerName(id) })}
              </Anchor>
            ))}
          </Group>
        </Stack>
      </Alert>
      <Await query={query}>
        {({ items }) => (
          <ResponsiveTable
            label={t('nav.webhooks')}
            rows={items}
            columns={columns}
            rowId={({ id }) => id}
            empty={<EmptyState title={t('webhook.none')} hint={t('webhook.none_hint')}>{add('light')}</EmptyState>}
          />
        )}
      </Await>
      {adding && <WebhookDialog onClose={() => setAdding(false)} />}
    </>
  )
}

/** Names of companies are not translated. */
export const providerName = (id: string): string =>
  ({ sendgrid: 'SendGrid', postmark: 'Postmark', mailgun: 'Mailgun', brevo: 'Brevo', sns: 'Amazon SNS' })[id] ?? id

function useColumns(): Column<Webhook>[] {
  const { t } = useTranslation()
  return [
    { id: 'name', title: t('property.name'), render: ({ name }) => <Text size="sm" fw={600}>{name}</Text> },
    { id: 'provider', title: t('webhook.provider'), render: ({ provider }) => <Text size="sm">{providerName(provider)}</Text> },
    { id: 'url', title: t('webhook.url'), render: ({ url }) => <Address url={url} /> },
    { id: 'proof', title: t('webhook.proof'), render: (webhook) => <Proof webhook={webhook} /> },
    { id: 'remove', title: t('job.action'), align: 'right', render: (webhook) => <Remove webhook={webhook} /> },
  ]
}

function Address({ url }: { url: string }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Code style={{ overflowWrap: 'anywhere' }} flex={1}>
        {url}
      </Code>
      <CopyButton value={url}>
        {({ copied, copy }) => (
          <Tooltip label={t(copied ? 'action.copied' : 'action.copy')}>
            <ActionIcon variant="subtle" aria-label={`${t('action.copy')}: ${url}`} onClick={copy}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}

/** The end of each reference: enough to know which secret it is, and no secret. */
function Proof({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation()
  const hints = (['authorization', 'signing', 'topics'] as const).flatMap((kind) =>
    webhook[kind].map((arn) => `${t(`webhook.${kind}_hint`)}: …${arn.split(/[/:]/).at(-1)}`),
  )
  return (
    <Stack gap={0}>
      {hints.map((hint) => (
        <Text key={hint} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {hint}
        </Text>
      ))}
    </Stack>
  )
}

function Remove({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const removal = useMutation({
    mutationFn: () => api.remove(`/v1/webhooks/${webhook.id}`),
    onSuccess: () => {
      tell(t('record.deleted'))
      void client.invalidateQueries({ queryKey: ['webhooks'] })
    },
    onError: (error) => warn(problemText(error)),
  })
  return (
    <ActionIcon
      variant="subtle"
      color="red.9"
      aria-label={`${t('action.delete')}: ${webhook.name}`}
      loading={removal.isPending}
      onClick={() =>
        ask({
          title: t('webhook.remove_title', { name: webhook.name }),
          text: t('webhook.remove_text'),
          confirm: t('action.delete'),
          danger: true,
          act: () => removal.mutate(),
        })
      }
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}
