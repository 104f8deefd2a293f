import { Anchor, TagsInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { useErrorAt } from '../editing/errors'
import { FormDialog } from '../editing/FormDialog'
import { SelectField, TextField } from '../editing/inputs'
import { useWriting } from '../editing/kept'
import { useMeta } from '../meta'
import { tell } from '../ui/confirm'
import { providerName, type Webhook } from './WebhooksPage'

export function WebhookDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { webhook_providers: providers } = useMeta()
  const blank = { name: '', provider: providers[0]?.id ?? '', proofs: {} as Record<string, string[]> }
  const writing = useWriting('webhooks/new', blank, ['proofs'])
  const { change } = writing
  const { name, provider, proofs } = writing.draft
  const known = providers.find(({ id }) => id === provider)
  const given = Object.fromEntries(Object.entries(proofs).filter(([kind]) => known?.keys.includes(kind)))
  const add = useMutation({
    mutationFn: () => api.post<Webhook>('/v1/webhooks', { name, provider, ...given }),
    onSuccess: () => {
      tell(t('webhook.added'))
      void client.invalidateQueries({ queryKey: ['webhooks'] })
      writing.end()
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('webhook.add')}
      size="lg"
      writing={writing}
      save={add}
      submit={() => add.mutate()}
      onClose={onClose}
      confirm={t('action.add')}
    >
      <TextField path="name" required autoFocus value={name} onChange={(next) => change({ name: next })} />
      <SelectField
        path="provider"
        label={t('webhook.provider')}
        data={providers.map(({ id }) => ({ value: id, label: providerName(id) }))}
        value={provider}
        onChange={(next) => next && change({ provider: next })}
      />
      {known && (
        <Anchor href={known.docs} target="_blank" rel="noreferrer noopener" size="sm">
          {t('webhook.docs', { provider: providerName(provider) })}
        </Anchor>
      )}
      {known?.keys.map((kind) => (
        <Proofs
          key={kind}
          kind={kind}
          needed={known.needed.length === 1 && known.needed.includes(kind)}
          value={proofs[kind] ?? []}
          onChange={(next) => change({ proofs: { ...proofs, [kind]: next } })}
        />
      ))}
    </FormDialog>
  )
}

interface ProofsProps {
  kind: string
  needed: boolean
  value: string[]
  onChange: (arns: string[]) => void
}

function Proofs({ kind, needed, value, onChange }: ProofsProps) {
  const { t } = useTranslation()
  return (
    <TagsInput
      name={kind}
      label={t(`webhook.${kind}`)}
      description={t('webhook.several')}
      required={needed}
      acceptValueOnBlur
      value={value}
      error={useErrorAt(kind)}
      onChange={onChange}
    />
  )
}
