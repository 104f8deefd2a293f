import { Accordion, Button, CloseButton, Group, MultiSelect, SegmentedControl, Select, Stack, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Segment } from '../api/types'
import { useDefinitions } from '../api/queries'
import { useSentence } from '../conditions/sentence'
import { RecordPicker } from '../fields/RecordPicker'
import { useFormat } from '../format'
import { RECIPIENTS, useMeta, useModule } from '../meta'
import { useFilters } from '../filters/saved'
import { FilterChoice, type Chosen } from '../segments/FilterChoice'
import { isOffered } from '../segments/size'
import type { Filter, Plan } from './plan'

interface Props {
  plan: Plan
  onChange: (plan: Plan) => void
}

/** To whom: lists, filters and records picked one by one together; or everybody; always without some lists. */
export function AudienceFields({ plan, onChange }: Props) {
  const { t } = useTranslation()
  const segments = useDefinitions<Segment>('segments').data?.items ?? []
  const named = (some: Segment[]) => some.map(({ id, name, number }) => ({ value: id, label: number ? `${name} (${number})` : name }))
  const options = named(segments)
  // An inactive one follows nothing: nobody is written to by it. To leave it out harms nobody.
  const offered = named(segments.filter((each) => isOffered(each) || plan.segments.includes(each.id)))
  const extra = plan.filters.length + plan.records.length
  return (
    <>
      {plan.notOpened === null && (
        <Switch
          label={t('send.everyone')}
          description={t('send.everyone_hint')}
          checked={plan.everyone}
          onChange={({ currentTarget }) => onChange({ ...plan, everyone: currentTarget.checked })}
        />
      )}
      {plan.notOpened !== null && <Text size="sm">{t('send.to_not_opened')}</Text>}
      {!plan.everyone && plan.notOpened === null && (
        <MultiSelect
          label={t('send.segments')}
          placeholder={plan.segments.length === 0 ? t('send.segments_hint') : undefined}
          searchable
          data={offered.filter(({ value }) => !plan.except.includes(value))}
          value={plan.segments}
          onChange={(chosen) => onChange({ ...plan, segments: chosen })}
        />
      )}
      <MultiSelect
        label={t('send.except')}
        description={t('send.except_hint')}
        searchable
        data={options.filter(({ value }) => !plan.segments.includes(value))}
        value={plan.except}
        onChange={(except) => onChange({ ...plan, except })}
      />
      <Accordion variant="contained" chevronPosition="left" keepMounted={false}>
        {!plan.everyone && plan.notOpened === null && (
          <Accordion.Item value="more">
            <Accordion.Control>
              {t('send.more')}
              {extra > 0 && ` (${extra})`}
            </Accordion.Control>
            <Accordion.Panel>
              <More plan={plan} onChange={onChange} />
            </Accordion.Panel>
          </Accordion.Item>
        )}
        <Accordion.Item value="fields">
          <Accordion.Control>{t('send.email_fields')}</Accordion.Control>
          <Accordion.Panel>
            <EmailFields plan={plan} onChange={onChange} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </>
  )
}

/** Filters and single records of one module at a time. */
function More({ plan, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  const people = modules.filter(({ id }) => RECIPIENTS.includes(id))
  const [chosen, setChosen] = useState(people[0]?.id)
  const module = useModule(chosen)
  const [filter, setFilter] = useState<Chosen>(null)
  const nameOf = useFilterName(chosen ?? '')
  if (!module) return null
  const add = (added: Filter) => {
    onChange({ ...plan, filters: [...plan.filters, { filter: added, label: `${format.label(module.label)}: ${nameOf(added)}` }] })
    setFilter(null)
  }
  const others = plan.records.filter((record) => record.module !== module.id)
  return (
    <Stack gap="sm">
      {plan.filters.map(({ label }, at) => (
        <Group key={label} gap={4} wrap="nowrap">
          <CloseButton
            size="sm"
            aria-label={`${t('action.remove')}: ${label}`}
            onClick={() => onChange({ ...plan, filters: plan.filters.filter((_, index) => index !== at) })}
          />
          <Text size="sm">{label}</Text>
        </Group>
      ))}
      <SegmentedControl
        aria-label={t('send.module')}
        value={module.id}
        onChange={(id) => (setChosen(id), setFilter(null))}
        data={people.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
      />
      <FilterChoice key={`${module.id}-${plan.filters.length}`} module={module} onChange={setFilter} />
      <Button variant="default" size="xs" disabled={filter === null} onClick={() => filter && add(filter)}>
        {t('send.add_filter')}
      </Button>
      <Text size="sm" fw={600}>
        {t('send.pick')}
      </Text>
      <RecordPicker
        key={module.id}
        module={module}
        chosen={plan.records.filter((record) => record.module === module.id).map(({ id }) => id)}
        onChange={(ids) => onChange({ ...plan, records: [...others, ...ids.map((id) => ({ module: module.id, id }))] })}
      />
    </Stack>
  )
}

function useFilterName(module: string): (filter: Filter) => string {
  const format = useFormat()
  const sentence = useSentence()
  const saved = useFilters(module).data?.items ?? []
  return (filter) => {
    if (!('filter_id' in filter)) return sentence(filter.condition, filter.module)
    const found = saved.find(({ id }) => id === filter.filter_id)
    return format.label(found?.label) || found?.name || filter.filter_id
  }
}

/** Which address of each module is written to, where it has several. */
function EmailFields({ plan, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('send.email_fields_hint')}
      </Text>
      {modules
        .filter(({ id }) => RECIPIENTS.includes(id))
        .map((module) => {
          const addresses = module.fields.filter(({ type }) => type === 'email')
          return (
            <Select
              key={module.id}
              label={format.label(module.label)}
              allowDeselect={false}
              data={addresses.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
              value={plan.emailFields[module.id] ?? 'email'}
              onChange={(field) => {
                const others = Object.entries(plan.emailFields).filter(([id]) => id !== module.id)
                const own: [string, string][] = field && field !== 'email' ? [[module.id, field]] : []
                onChange({ ...plan, emailFields: Object.fromEntries([...others, ...own]) })
              }}
            />
          )
        })}
    </Stack>
  )
}
