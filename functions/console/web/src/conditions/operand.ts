import type { Field, Operator } from '../api/types'

type Choices = NonNullable<Field['options']>

export const NUMBERS = ['integer', 'decimal', 'currency', 'percent']

const TYPES: Record<string, string> = { part: 'text', pattern: 'text', days: 'integer', hours: 'integer', years: 'integer', ages: 'integer' }

/** The operators that can be asked of a field here: those that look at the value before a change only where there is one. */
export const operatorsFor = (field: Field, operators: Record<string, Operator>, past: boolean): string[] =>
  (field.operators ?? []).filter((id) => past || !operators[id]?.past)

/** The field to type an operand into: a filter "days ago" on a date takes a number, "is one of" takes several. */
export function operandField(field: Field, operator: Operator | undefined, people: Choices): Field {
  const operand = operator?.operand ?? 'value'
  const type = TYPES[operand]
  if (operator?.options) return { ...field, type: 'picklist', options: operator.options }
  if (type) return { ...field, type, options: null }
  if (operand === 'values') return { ...field, type: 'multipicklist', options: field.type === 'user' ? people : field.options }
  if (field.type === 'multipicklist') return { ...field, type: field.options?.length ? 'picklist' : 'text' }
  return field
}
