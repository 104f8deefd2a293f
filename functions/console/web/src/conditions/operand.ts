import type { Field, Operator } from '../api/types'

type Choices = NonNullable<Field['options']>

const TYPES: Record<string, string> = { part: 'text', pattern: 'text', month_day: 'text', days: 'integer', hours: 'integer' }

/** The operators of a field that a list can be filtered by. Picking several related records has no input of its own. */
export const filterOperators = (field: Field, operators: Record<string, Operator>): string[] =>
  (field.operators ?? []).filter((id) => !operators[id]?.past && !(operators[id]?.operand === 'values' && field.type === 'relation'))

/** The field to type an operand into: a filter "days ago" on a date takes a number, "is one of" takes several. */
export function operandField(field: Field, operator: Operator | undefined, people: Choices): Field {
  const operand = operator?.operand ?? 'value'
  const type = TYPES[operand]
  if (type) return { ...field, type, options: null }
  if (operand === 'values') return { ...field, type: 'multipicklist', options: field.type === 'user' ? people : field.options }
  if (field.type === 'multipicklist') return { ...field, type: field.options?.length ? 'picklist' : 'text' }
  return field
}
