import { useTranslation } from 'react-i18next'
import type { Condition, Field, Json, Meta, Module } from '../api/types'
import { plainValue } from '../fields/FieldValue'
import { useFormat, type Format } from '../format'
import { useMeta } from '../meta'
import { anyField } from './paths'

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

function operand(field: Field | undefined, value: Json | undefined, format: Format): string {
  if (value === undefined || value === null) return ''
  const values = Array.isArray(value) ? value : [value]
  return values.map((item) => `«${field ? plainValue(field, item, format) : String(item)}»`).join(', ')
}

/** A condition in words: what a marketer would say, with the labels of the declaration. */
export function useSentence(): (condition: Condition | null | undefined, moduleId: string) => string {
  const { t } = useTranslation()
  const meta = useMeta()
  const format = useFormat()
  return (condition, moduleId) => {
    const module = meta.modules.find(({ id }) => id === moduleId)
    const say = (part: Condition, nested: boolean): string => {
      if ('not' in part) return `${t('condition.not')} (${say(part.not, false)})`
      if ('all' in part || 'any' in part) {
        const parts = 'all' in part ? part.all : part.any
        const joined = parts.map((child) => say(child, true)).join(` ${t('all' in part ? 'condition.and' : 'condition.or')} `)
        return nested && parts.length > 1 ? `(${joined})` : joined
      }
      if (!('field' in part)) return JSON.stringify(part)
      const { label, field } = resolvePath(meta, module, part.field, format)
      const operator = format.label(meta.operators[part.op]?.label) || part.op
      return [label, operator, operand(field, part.value, format)].filter(Boolean).join(' ')
    }
    return condition ? say(condition, false) : ''
  }
}
