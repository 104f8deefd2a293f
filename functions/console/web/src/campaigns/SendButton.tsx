import { Alert, Button, Group, Modal, MultiSelect, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSend } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { AudiencePreview, Definition, Entity, Segment } from '../api/types'
import { useDefinitions } from '../api/queries'
import { useFormat } from '../format'
import { titleOf, useMayWrite, useMeta, useModule } from '../meta'
import { Await, ProblemAlert } from '../ui/Feedback'

interface Plan {
  template: string | null
  segments: string[]
  except: string[]
  start: string
}

const order = ({ template, segments, except }: Plan) => ({
  template_id: template,
  audience: { segments, except, everyone: false },
})

export function SendButton({ record }: { record: Entity }) {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure(false)
  if (!useMayWrite()) return null
  return (
    <>
      <Button leftSection={<IconSend size={16} />} onClick={open}>
        {t('send.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('send.title')}
        size="lg"
        centered
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <SendDialog record={record} onClose={close} />
      </Modal>
    </>
  )
}

/** Two steps: what to whom, then the same once more in words with the count, before anything leaves. */
function SendDialog({ record, onClose }: { record: Entity; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const module = useModule('campaigns')
  const [plan, setPlan] = useState<Plan>({ template: null, segments: [], except: [], start: 'now' })
  const [confirming, setConfirming] = useState(false)
  const sending = useMutation({
    mutationFn: () =>
      api.post<{ job_id: string }>(`/v1/campaigns/${record.id}/send`, { ...order(plan), start: plan.start }),
    onSuccess: ({ job_id }) => {
      void client.invalidateQueries({ queryKey: ['jobs'] })
      onClose()
      void navigate(`/jobs/${job_id}`)
    },
  })
  return (
    <Stack>
      {confirming ? (
        <Confirmation plan={plan} record={record} campaign={titleOf(module, record)} />
      ) : (
        <Choice plan={plan} onChange={setPlan} />
      )}
      {sending.error && <ProblemAlert error={sending.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={confirming ? () => setConfirming(false) : onClose}>
          {t(confirming ? 'action.back' : 'action.cancel')}
        </Button>
        {confirming ? (
          <Button leftSection={<IconSend size={16} />} loading={sending.isPending} onClick={() => sending.mutate()}>
            {t(plan.start === 'now' ? 'send.confirm' : 'send.confirm_hold')}
          </Button>
        ) : (
          <Button disabled={!plan.template || plan.segments.length === 0} onClick={() => setConfirming(true)}>
            {t('action.continue')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Choice({ plan, onChange }: { plan: Plan; onChange: (plan: Plan) => void }) {
  const { t } = useTranslation()
  const templates = useDefinitions<Definition>('templates').data?.items ?? []
  const segments = useDefinitions<Segment>('segments').data?.items ?? []
  const options = segments.map(({ id, name, number }) => ({ value: id, label: number ? `${name} (${number})` : name }))
  return (
    <>
      <Select
        data-autofocus
        label={t('send.template')}
        placeholder={t('send.template_hint')}
        required
        searchable
        nothingFoundMessage={t('list.nothing_found')}
        data={templates.map(({ id, name }) => ({ value: id, label: name ?? id }))}
        value={plan.template}
        onChange={(template) => onChange({ ...plan, template })}
      />
      <MultiSelect
        label={t('send.segments')}
        placeholder={plan.segments.length === 0 ? t('send.segments_hint') : undefined}
        required
        searchable
        data={options.filter(({ value }) => !plan.except.includes(value))}
        value={plan.segments}
        onChange={(chosen) => onChange({ ...plan, segments: chosen })}
      />
      <MultiSelect
        label={t('send.except')}
        description={t('send.except_hint')}
        searchable
        data={options.filter(({ value }) => !plan.segments.includes(value))}
        value={plan.except}
        onChange={(except) => onChange({ ...plan, except })}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t('send.start')}
        </Text>
        <SegmentedControl
          aria-label={t('send.start')}
          value={plan.start}
          onChange={(start) => onChange({ ...plan, start })}
          data={[
            { value: 'now', label: t('send.start_now') },
            { value: 'hold', label: t('send.start_hold') },
          ]}
        />
      </div>
    </>
  )
}

function Confirmation({ plan, record, campaign }: { plan: Plan; record: Entity; campaign: string }) {
  const { t } = useTranslation()
  const template = useDefinitions('templates').data?.items.find(({ id }) => id === plan.template)
  const segments = useDefinitions<Segment>('segments').data?.items ?? []
  const names = (ids: string[]) => segments.filter(({ id }) => ids.includes(id)).map(({ name }) => name).join(', ')
  // The API asks the rule of the send itself, of everybody: the count is not an estimate of this page.
  const preview = useQuery({
    queryKey: ['campaigns', record.id, 'preview', order(plan)],
    queryFn: () => api.post<AudiencePreview>(`/v1/campaigns/${record.id}/send/preview`, order(plan)),
    staleTime: 0,
  })
  return (
    <Alert title={t('send.sure', { campaign })} styles={{ title: { color: 'var(--mantine-color-blue-9)' } }}>
      <Stack gap={4}>
        <Text size="sm">{t('send.will_template', { template: template?.name ?? '' })}</Text>
        <Text size="sm">{t('send.will_segments', { segments: names(plan.segments) })}</Text>
        {plan.except.length > 0 && <Text size="sm">{t('send.will_except', { segments: names(plan.except) })}</Text>}
        <Await query={preview} lines={2}>
          {(counted) => <Count counted={counted} />}
        </Await>
      </Stack>
    </Alert>
  )
}

/** How many will get it, and who will not and why: known before anything leaves. */
function Count({ counted }: { counted: AudiencePreview }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { skip_reasons } = useMeta()
  const { recipients, will_send, exact, ...others } = counted
  const refused = Object.entries(others).filter(([, count]) => typeof count === 'number' && count > 0)
  const reason = (id: string) => format.label(skip_reasons.find((each) => each.id === id)?.label) || id.replaceAll('_', ' ')
  return (
    <div aria-live="polite">
      <Text size="lg" fw={700}>
        {t('send.will_count', { count: will_send, number: format.integer(will_send) })}
      </Text>
      <Text size="sm" c="dimmed">
        {t(exact ? 'send.of' : 'send.of_more', { number: format.integer(recipients) })}
      </Text>
      {refused.map(([id, count]) => (
        <Text key={id} size="sm">
          {format.integer(Number(count))} · {reason(id)}
        </Text>
      ))}
    </div>
  )
}
