import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useReducer, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Activity, Condition, Definition, Entity, Field, Json, Meta, Module, Page, Times } from '../api/types'
import { plainValue } from '../fields/FieldValue'
import { useFormat, type Format } from '../format'
import { titleOf, useMeta, useOwnerName } from '../meta'
import { anyField } from './paths'
import { isActivity, isField, isSegment } from './tree'

interface Path {
  /** How the field is called on screen: «Cuenta · Sector» for a field of a related record. */
  label: string
  field: Field | undefined
}

/** Follows "account.industry" from the declaration of one module to that of the next. */
export function resolvePath(meta: Meta, module: Module | undefined, path: string, format: Format): Path {
  const labels: string[] = []
  let here = module
  let field: Field | undefined
  for (const step of path.split('.')) {
    field = here && anyField(meta, here, step)
    labels.push(format.label(field?.label) || step)
    here = meta.modules.find(({ id }) => id === field?.relation)
  }
  return { label: labels.join(' · '), field }
}

/** The windows of activity that are counted in something. */
const UNITS: Record<string, string> = { within_days: 'days', within_hours: 'hours', before_days: 'days' }

/** How a record or a definition is called: asked for at its first mention, shown by its id until it is known. */
function useNames(): (noun: string, id: string) => string {
  const { modules } = useMeta()
  const client = useQueryClient()
  const asked = useRef(new Set<string>())
  const [, again] = useReducer((round: number) => round + 1, 0)
  const fetchOnce = (queryKey: unknown[], queryFn: () => Promise<unknown>) => {
    const key = JSON.stringify(queryKey)
    if (asked.current.has(key)) return
    asked.current.add(key)
    void client.fetchQuery({ queryKey, queryFn, staleTime: 60_000 }).then(again, () => undefined)
  }
  return (noun, id) => {
    const module = modules.find((each) => each.id === noun)
    if (module) {
      fetchOnce(['record', noun, id], () => api.get<Entity>(`/v1/records/${noun}/${id}`))
      const record = client.getQueryData<Entity>(['record', noun, id])
      return record ? titleOf(module, record) : id
    }
    fetchOnce([noun, 'list', {}], () => api.get<Page<Definition>>(`/v1/${noun}`))
    return nameAmong(client, noun, id)
  }
}

const nameAmong = (client: QueryClient, noun: string, id: string): string =>
  client.getQueryData<Page<Definition>>([noun, 'list', {}])?.items.find((each) => each.id === id)?.name ?? id

/** A condition in words: what a marketer would say, with the labels of the declaration. */
export function useSentence(): (condition: Condition | null | undefined, moduleId: string) => string {
  const { t } = useTranslation()
  const meta = useMeta()
  const format = useFormat()
  const ownerName = useOwnerName()
  const nameOf = useNames()
  const word = (words: { id: string; label: object }[], id: string) => format.label(words.find((each) => each.id === id)?.label) || id
  const quoted = (words: string) => t('message.quote', { words })

  const operand = (field: Field | undefined, op: string, value: Json | undefined): string => {
    if (value === undefined || value === null) return ''
    const option = meta.operators[op]?.options?.find((each) => each.value === value)
    if (option) return quoted(format.label(option.label))
    const one = (item: Json) => {
      if (typeof item === 'boolean') return t(item ? 'value.yes' : 'value.no')
      if (field?.relation && typeof item === 'string') return nameOf(field.relation, item)
      if (field?.type === 'user') return ownerName(String(item))
      return field ? plainValue(field, item, format) : String(item)
    }
    const words = (Array.isArray(value) ? value : [value]).map((item) => (typeof item === 'number' ? one(item) : quoted(one(item))))
    return words.join(meta.operators[op]?.operands === 2 ? ` ${t('condition.and')} ` : ', ')
  }

  /** «en los últimos (días)», 30 → «en los últimos 30 días» */
  const counted = (label: string, unit: string, count: number) => label.replace(/\(.*?\)/, t(`unit.${unit}`, { count }))

  const howOften = (times: Times | undefined) =>
    meta.conditions.times
      .flatMap(({ id, label }) => (typeof times?.[id] === 'number' ? counted(format.label(label), 'times', times[id]) : []))
      .join(', ')

  const say = (part: Condition, module: Module | undefined, nested: boolean): string => {
    if ('not' in part) return `${t('condition.not')} (${say(part.not as Condition, module, false)})`
    if ('all' in part || 'any' in part) {
      const parts = ('all' in part ? part.all : part.any) as Condition[]
      const join = ` ${t('all' in part ? 'condition.and' : 'condition.or')} `
      const joined = parts.map((child) => say(child, module, true)).join(join)
      return nested && parts.length > 1 ? `(${joined})` : joined
    }
    if (isField(part)) {
      const { label, field } = resolvePath(meta, module, part.field, format)
      const operator = format.label(meta.operators[part.op]?.label) || part.op
      return [label, operator, operand(field, part.op, part.value)].filter(Boolean).join(' ')
    }
    if (isSegment(part)) return `${word(meta.conditions.membership, part.op ?? 'is_member')} ${quoted(nameOf('segments', part.segment))}`
    if (isActivity(part)) return activity(part, module)
    const link = module?.links?.find(({ id }) => id === part.related)
    const other = meta.modules.find(({ id }) => id === link?.module)
    const how = part.times ? howOften(part.times as Times) : word(meta.conditions.matches, String(part.match ?? 'any'))
    const where = part.where ? ` (${say(part.where as Condition, other, false)})` : ''
    return `${format.label(link?.label) || String(part.related)}: ${how}${where}`
  }

  const activity = (part: Activity, module: Module | undefined): string => {
    const known = meta.conditions.activities.find(({ id }) => id === part.activity)
    const messages = meta.modules.find(({ id }) => id === module?.links?.find((each) => each.module === 'messages')?.module)
    const details = [...(known?.keys ?? []), ...meta.conditions.windows]
      .filter(({ id }) => part[id] !== undefined && part[id] !== null)
      .map(({ id, input, label }) => {
        const value = part[id] as Json
        if (input === 'condition') return `${format.label(label)} (${say(value as Condition, messages, false)})`
        if (input === 'url' && value !== null && typeof value === 'object' && !Array.isArray(value))
          return [format.label(label), format.label(meta.operators[String(value.op)]?.label), operand(undefined, String(value.op), value.value)]
            .filter(Boolean)
            .join(' ')
        const unit = UNITS[id]
        if (unit) return counted(format.label(label), unit, Number(value))
        if (input === 'date') return `${format.label(label)} ${format.date(String(value))}`
        if (['integer', 'url'].includes(input)) return `${format.label(label)} ${String(value)}`
        return `${format.label(label)} ${quoted(nameOf(input, String(value)))}`
      })
    const done = [format.label(known?.label) || part.activity, howOften(part.times as Times | undefined)].filter(Boolean).join(' ')
    return [done, ...details].join(', ')
  }

  return (condition, moduleId) =>
    condition ? say(condition, meta.modules.find(({ id }) => id === moduleId), false) : ''
}
