import { Alert, Anchor, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconSend, IconUsers } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../api/client'
import type { AudiencePreview, Definition, Entity, Segment } from '../api/types'
import { useDefinitions } from '../api/queries'
import { forgetDraft, keptDraft, KeptNotice, useKeep } from '../editing/kept'
import { ENCLOSED, joined, type Enclosed } from '../documents/enclosed'
import { EnclosedFields, useBrought, useNames } from '../documents/EnclosedFields'
import { useFormat } from '../format'
import { titleOf, useMeta, useModule } from '../meta'
import { Await, ProblemAlert } from '../ui/Feedback'
import { AudienceFields } from './AudienceFields'
import { BLANK, complete, enclosedIn, orderOf, questionOf, type Plan } from './plan'
import { ScheduleFields } from './ScheduleFields'
import { TestMail } from './TestMail'
import { useSentenceOf } from './words'

const WhoExactly = lazy(() => import('./WhoExactly'))

interface Props {
  record: Entity
  onClose: () => void
  /** What is chosen already: a second send to those who have not opened the first. */
  begin?: Partial<Plan>
  /** Whether a window of its own stands on top of it. */
  onCovered: (covered: boolean) => void
}

/** Two steps: what to whom, then the same once more in words with the count, before anything leaves. */
export function SendDialog({ record, onClose, begin, onCovered }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { zone } = useFormat()
  const start = { ...BLANK, ...begin }
  const key = `sends/${record.id}/${start.notOpened ?? 'new'}`
  const [kept, setKept] = useState(() => keptDraft<Plan>(key))
  // What was kept before a key was known lacks it.
  const [plan, setPlan] = useState<Plan>({ ...start, ...kept })
  // A window that is closed by accident, or a reload, costs nothing: what was chosen is there when it opens again.
  useKeep(key, JSON.stringify(plan) === JSON.stringify(start) ? null : plan)
  const end = () => {
    forgetDraft(key)
    onClose()
  }
  const [confirming, setConfirming] = useState(false)
  // The API asks the rule of the send itself, of everybody: the count is not an estimate of this page.
  const preview = useQuery({
    queryKey: ['campaigns', record.id, 'preview', questionOf(plan)],
    queryFn: () => api.post<AudiencePreview>(`/v1/campaigns/${record.id}/send/preview`, questionOf(plan)),
    staleTime: 0,
    enabled: confirming,
  })
  const counted = preview.data
  const sending = useMutation({
    mutationFn: () =>
      api.post<{ job_id: string }>(
        `/v1/campaigns/${record.id}/send`,
        orderOf(plan, zone, counted?.recipients ?? 0),
      ),
    onSuccess: ({ job_id }) => {
      void client.invalidateQueries({ queryKey: ['jobs'] })
      end()
      void navigate(`/jobs/${job_id}`)
    },
    // They may have become others since they were shown.
    onError: () => void preview.refetch(),
  })
  return (
    <Stack>
      {kept && !confirming && (
        <KeptNotice
          onDiscard={() => {
            setKept(null)
            setPlan(start)
          }}
        />
      )}
      {confirming ? (
        <Confirmation plan={plan} record={record}>
          <Await query={preview} lines={2}>
            {(shown) => <Count campaign={record.id} plan={plan} counted={shown} onCovered={onCovered} />}
          </Await>
        </Confirmation>
      ) : (
        <Choice plan={plan} onChange={setPlan} />
      )}
      {sending.error && <ProblemAlert error={sending.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={confirming ? () => setConfirming(false) : end}>
          {t(confirming ? 'action.back' : 'action.cancel')}
        </Button>
        {confirming ? (
          <Button
            leftSection={<IconSend size={16} />}
            loading={sending.isPending}
            disabled={!counted || counted.will_send === 0}
            onClick={() => sending.mutate()}
          >
            {t(plan.start === 'now' ? 'send.confirm' : plan.start === 'hold' ? 'send.confirm_hold' : 'send.confirm_at')}
          </Button>
        ) : (
          <Button disabled={!complete(plan)} onClick={() => setConfirming(true)}>
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
  return (
    <>
      <Select
        data-autofocus
        openOnFocus={false}
        label={t('send.template')}
        placeholder={t('send.template_hint')}
        required
        searchable
        nothingFoundMessage={t('list.nothing_found')}
        data={templates.map(({ id, name }) => ({ value: id, label: name ?? id }))}
        value={plan.template}
        onChange={(template) => onChange({ ...plan, template })}
      />
      {plan.template && (
        <Anchor component={Link} to={`/templates/${plan.template}`} target="_blank" size="sm" mt={-8}>
          {t('send.see_template')}
        </Anchor>
      )}
      <EnclosedFields
        value={chosenIn(plan)}
        template={plan.template}
        onChange={(kind, ids) => onChange({ ...plan, [kind === 'documents' ? kind : 'documentTemplates']: ids })}
      />
      {plan.template && <TestMail key={plan.template} template={plan.template} beside={enclosedIn(plan)} />}
      <AudienceFields plan={plan} onChange={onChange} />
      <ScheduleFields plan={plan} onChange={onChange} />
    </>
  )
}

function Confirmation({ plan, record, children }: { plan: Plan; record: Entity; children: React.ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { settings } = useMeta()
  const module = useModule('campaigns')
  const template = useDefinitions('templates').data?.items.find(({ id }) => id === plan.template)
  const segments = useDefinitions<Segment>('segments').data?.items ?? []
  const names = (ids: string[]) => segments.filter(({ id }) => ids.includes(id)).map(({ name }) => name).join(', ')
  const lists = !plan.everyone && plan.notOpened === null
  const delay = settings.company.send_delay_minutes ?? 0
  return (
    <Alert
      title={t('send.sure', { campaign: titleOf(module, record) })}
      styles={{ title: { color: 'var(--mantine-color-blue-9)' } }}
    >
      <Stack gap={4}>
        <Text size="sm">{t('send.will_template', { template: template?.name ?? '' })}</Text>
        <Attached plan={plan} />
        {plan.everyone && <Text size="sm">{t('send.will_everyone')}</Text>}
        {plan.notOpened !== null && <Text size="sm">{t('send.to_not_opened')}</Text>}
        {lists && plan.segments.length > 0 && (
          <Text size="sm">{t('send.will_segments', { segments: names(plan.segments) })}</Text>
        )}
        {lists && plan.filters.map(({ label }) => <Text key={label} size="sm">{t('send.will_filter', { filter: label })}</Text>)}
        {lists && plan.records.length > 0 && (
          <Text size="sm">{t('send.will_records', { count: plan.records.length })}</Text>
        )}
        {plan.except.length > 0 && <Text size="sm">{t('send.will_except', { segments: names(plan.except) })}</Text>}
        {plan.at !== '' && (plan.start === 'at' || plan.start === 'local') && (
          <Text size="sm">{t(`send.will_${plan.start}`, { at: format.wallClock(plan.at), zone: format.zone })}</Text>
        )}
        {children}
        {plan.start === 'now' && delay > 0 && (
          <Text size="sm" c="dimmed">
            {t('send.will_wait', { count: delay })}
          </Text>
        )}
      </Stack>
    </Alert>
  )
}

const chosenIn = ({ documents, documentTemplates }: Plan): Enclosed => ({ documents, document_templates: documentTemplates })

/** What goes along: what the template brings, and what was chosen beside it. */
function Attached({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  const nameOf = useNames()
  const all = joined(useBrought(plan.template), chosenIn(plan))
  return ENCLOSED.map(
    (kind) =>
      all[kind].length > 0 && (
        <Text key={kind} size="sm">
          {t(kind === 'documents' ? 'send.will_attach' : 'send.will_generate', {
            documents: all[kind].map((id) => nameOf(kind, id)).join(', '),
          })}
        </Text>
      ),
  )
}

interface CountProps {
  campaign: string
  plan: Plan
  counted: AudiencePreview
  onCovered: (covered: boolean) => void
}

/** How many will get it, and who will not and why: known before anything leaves. */
function Count({ campaign, plan, counted, onCovered }: CountProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentenceOf()
  const [who, setWho] = useState(false)
  const show = (open: boolean) => {
    setWho(open)
    onCovered(open)
  }
  return (
    <div aria-live="polite">
      <Text size="lg" fw={700}>
        {t('send.will_count', { count: counted.will_send, number: format.integer(counted.will_send) })}
      </Text>
      <Text size="sm">{sentence(counted)}.</Text>
      {(counted.replaced_senders ?? []).map(({ user, name, from, reply_to }) => (
        <Text key={user} size="sm" data-replaced={user}>
          {t('send.replaced', { name, from, reply_to })}
        </Text>
      ))}
      <Button variant="subtle" size="compact-sm" px={0} leftSection={<IconUsers size={15} />} onClick={() => show(true)}>
        {t('send.who')}
      </Button>
      {who && (
        <Suspense fallback={null}>
          <WhoExactly campaign={campaign} plan={plan} counted={counted} onClose={() => show(false)} />
        </Suspense>
      )}
    </div>
  )
}
