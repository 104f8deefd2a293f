import { Anchor, Code, Group, SimpleGrid, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Condition, Json, Values } from '../api/types'
import { useDefinitions, useRecord } from '../api/queries'
import { useSentence } from '../conditions/sentence'
import { plainValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { fieldOf, shown, titleOf, useModule, useOwnerName } from '../meta'
import { recordPath } from '../records/columns'
import { StateBadge } from '../ui/StateBadge'
import { useOffset, useWhen } from './when'

/** Keys whose value is the id of something that has a page, by the noun of that page. */
const REFERENCES: Record<string, string> = {
  template_id: 'templates',
  action_id: 'actions',
  action: 'actions',
  segment_id: 'segments',
  segments: 'segments',
  except: 'segments',
  scheduled_action: 'scheduled-actions',
  scheduled_action_id: 'scheduled-actions',
  scheduled_action_ids: 'scheduled-actions',
  scheduled_actions: 'scheduled-actions',
  plan_id: 'plans',
  documents: 'documents',
  document_templates: 'document-templates',
  workflow_id: 'workflows',
  form_id: 'forms',
}
const PEOPLE = new Set(['owner', 'created_by', 'updated_by'])
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const DAY = /^\d{4}-\d\d-\d\d$/

const isObject = (value: Json): value is Values => value !== null && typeof value === 'object' && !Array.isArray(value)

const isRecordKey = (value: Json): value is { module: string; id: string } =>
  isObject(value) && typeof value.module === 'string' && typeof value.id === 'string'

/** Nothing to read: no value, or a list or object without any. */
const isEmpty = (value: Json | undefined) =>
  !shown(value) || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

const isTally = (value: Json): value is Record<string, number> =>
  isObject(value) && Object.values(value).every((count) => typeof count === 'number')

interface Props {
  name: string
  value: Json | undefined
  /** The module that conditions and field names in the value speak about. */
  module?: string
  /** In a table yes is a tick. */
  compact?: boolean
}

/** One value of a definition: the key says what it means, so that every noun reads alike. */
export function PropertyValue({ name, value, module, compact }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  const sentence = useSentence()
  const when = useWhen()
  const offset = useOffset()
  const declaration = useModule(module)
  const inWords = (values: Values) =>
    Object.entries(values)
      .map(([id, each]) => {
        const field = declaration && fieldOf(declaration, id)
        return field ? `${format.label(field.label)}: ${plainValue(field, each, format) || '—'}` : `${id}: ${String(each)}`
      })
      .join(' · ')
  if (!shown(value)) return <Text size="sm" c="dimmed">—</Text>
  const line = (text: string, whole = false) => (
    <Text size="sm" style={whole ? { whiteSpace: 'nowrap' } : { overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  )
  if (name === 'module') return <ModuleName id={String(value)} />
  if (name === 'status' || name === 'state') return <StateBadge state={String(value)} />
  if (name === 'condition') return line(sentence(value as Condition, module ?? ''))
  if (name === 'when' || name === 'trigger') return line(when(value, module))
  if (name === 'values' && isObject(value)) return line(inWords(value))
  if (name === 'params' && isObject(value))
    return Object.entries(value).map(([key, each]) => <PropertyValue key={key} name={key} value={each} module={module} />)
  if (name === 'delay' || name === 'offset') return line(offset(value))
  if (name === 'campaign' && typeof value === 'string') return <RecordReference module="campaigns" id={value} />
  if (PEOPLE.has(name) && typeof value === 'string') return line(ownerName(value))
  const noun = REFERENCES[name]
  if (noun && !isRecordKey(value)) return <References noun={noun} ids={(Array.isArray(value) ? value : [value]).map(String)} />
  if (isRecordKey(value)) return <RecordReference module={value.module} id={value.id} />
  if (typeof value === 'boolean')
    return compact && value ? (
      <IconCheck size={18} color="var(--mantine-color-teal-8)" role="img" aria-label={t('value.yes')} />
    ) : (
      line(t(value ? 'value.yes' : 'value.no'))
    )
  if (name === 'size' && typeof value === 'number') return line(format.bytes(value))
  if (name === 'last_run_ms' && typeof value === 'number') return line(format.took(value))
  if (typeof value === 'number') return line(format.decimal(value))
  if (typeof value === 'string') {
    if (INSTANT.test(value)) return line(format.instant(value), compact)
    if (DAY.test(value)) return line(format.date(value))
    return line(t(`word.${name}.${value}`, { defaultValue: value }))
  }
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return line(value.join(', '))
  if (isTally(value)) {
    const counted = Object.entries(value).filter(([, count]) => count > 0)
    const words = counted.map(([state, count]) => `${t(`state.${state}`, { defaultValue: state })}: ${format.integer(count)}`)
    return line(words.join(' · ') || '—')
  }
  return (
    <Code block fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {JSON.stringify(value, null, 1)}
    </Code>
  )
}

function ModuleName({ id }: { id: string }) {
  const format = useFormat()
  const module = useModule(id)
  return <Text size="sm">{module ? format.label(module.label) : id}</Text>
}

export function References({ noun, ids }: { noun: string; ids: string[] }) {
  const { data, isPending } = useDefinitions(noun)
  return (
    <Group gap={6}>
      {ids.map((id) => {
        const found = data?.items.find((item) => item.id === id)
        return (
          <Anchor key={id} component={Link} to={`/${noun}/${id}`} size="sm" lh={1.75} onClick={(event) => event.stopPropagation()}>
            {found ? String(found.name ?? found.reference ?? id) : isPending ? '…' : id}
          </Anchor>
        )
      })}
    </Group>
  )
}

function RecordReference({ module, id }: { module: string; id: string }) {
  const declaration = useModule(module)
  const { data: record, isPending } = useRecord(module, id)
  return (
    <Anchor component={Link} to={recordPath(module, id)} size="sm" onClick={(event) => event.stopPropagation()}>
      {record ? titleOf(declaration, record) : isPending ? '…' : id}
    </Anchor>
  )
}

interface ListProps {
  values: Values
  hide: string[]
  module?: string
}

/** Everything a definition holds that its page does not draw in a better way. */
export function Properties({ values, hide, module }: ListProps) {
  const { t } = useTranslation()
  // What an action needs is told key by key: «Plantilla», and not «Parámetros».
  const told = Object.entries(values).flatMap(([name, value]) =>
    name === 'params' && value !== undefined && isObject(value) ? Object.entries(value) : [[name, value] as const],
  )
  const entries = told.filter(([name, value]) => !hide.includes(name) && !isEmpty(value))
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, lg: 3 }} m={0} spacing="lg" verticalSpacing="sm">
      {entries.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {t([`detail.${name}`, `property.${name}`], { defaultValue: name.replaceAll('_', ' ') })}
          </Text>
          <Text component="dd" m={0} size="sm">
            <PropertyValue name={name} value={value} module={module} />
          </Text>
        </div>
      ))}
    </SimpleGrid>
  )
}
