import { Paper, SimpleGrid, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Values } from '../api/types'
import { useWhen } from '../definitions/when'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { objectOf, type FieldsProps } from './draft'
import { ChoiceField, DayField, DefinitionField, SelectField, TextField, TimeField, WholeNumber } from './inputs'
import { OffsetFields } from './OffsetFields'

export function ScheduledActionFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const inWords = useWhen()
  const when = objectOf(draft.when)
  const senders = (meta.choices.sender ?? []).map((value) => ({ value, label: t(`word.sender.${value}`) }))
  const people = meta.users.map(({ id, name }) => ({ value: meta.sender_prefix + id, label: name }))
  return (
    <>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="reference" required value={draft.reference} onChange={(reference) => change({ reference })} />
          <DefinitionField
            path="action_id"
            noun="actions"
            required
            value={draft.action_id}
            onChange={(action_id) => change({ action_id })}
          />
          <SelectField path="sender" data={[...senders, ...people]} value={draft.sender} onChange={(sender) => change({ sender })} />
          <ChoiceField
            path="status"
            choice="scheduled_action_status"
            words="state"
            value={draft.status}
            onChange={(status) => change({ status })}
          />
        </SimpleGrid>
      </Paper>
      <Paper>
        <Title order={2} fz="md" mb="sm">
          {t('property.when')}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <ChoiceField
            path="when.on"
            name="counted_from"
            choice="when"
            words="word.when"
            required
            value={when.on}
            onChange={(on) => change({ when: fresh(on) })}
          />
          {when.on === 'date' && (
            <DayField path="when.date" required value={when.date} onChange={(date) => change({ when: { ...when, date } })} />
          )}
          {when.on === 'field' && <ReferenceFields when={when} onChange={(next) => change({ when: next })} />}
          <TimeField
            path="when.at"
            description={t(when.on === 'assignment' ? 'editor.at_hint' : 'editor.at_default_hint')}
            value={when.at}
            onChange={(at) => change({ when: at ? { ...when, at } : withoutTime(when) })}
          />
        </SimpleGrid>
        {when.on !== 'date' && (
          <OffsetFields path="when.offset" value={when.offset} onChange={(offset) => change({ when: { ...when, offset } })} />
        )}
        <Text size="sm" mt="md" c="dimmed" aria-live="polite">
          {inWords(when)}
        </Text>
      </Paper>
    </>
  )
}

/** Each way of counting has keys of its own; those of another one are refused. */
const fresh = (on: string | null): Values => (on === 'date' ? { on, date: null } : { on, offset: {} })

const withoutTime = (when: Values): Values => Object.fromEntries(Object.entries(when).filter(([key]) => key !== 'at'))

function ReferenceFields({ when, onChange }: { when: Values; onChange: (when: Values) => void }) {
  const format = useFormat()
  const meta = useMeta()
  const modules = (ids: string[]) => ids.map((id) => format.label(meta.modules.find((module) => module.id === id)?.label) || id)
  return (
    <>
      <SelectField
        path="when.field"
        required
        data={meta.reference_fields.map(({ id, label, modules: ids }) => ({
          value: id,
          label: `${format.label(label)} (${modules(ids).join(', ')})`,
        }))}
        value={when.field}
        onChange={(field) => onChange({ ...when, field })}
      />
      <ChoiceField
        path="when.count"
        choice="count"
        words="word.count"
        value={when.count ?? meta.choices.count?.[0]}
        onChange={(count) => onChange({ ...when, count })}
      />
      {when.count === 'nth_anniversary' && (
        <WholeNumber path="when.n" min={1} max={100} value={when.n ?? 1} onChange={(n) => onChange({ ...when, n })} />
      )}
    </>
  )
}
