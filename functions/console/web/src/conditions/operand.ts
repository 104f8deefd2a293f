import type { Field, Operator } from '../api/types'

type Choices = NonNullable<Field['options']>

const TYPES: Record<string, string> = { part: 'text', pattern: 'text', month_day: 'text', days: 'integer', hours: 'integer', years: 'integer', ages: 'integer' }

/** The operators that can be asked of a field here: those that look at the value before a change only where there is one. */
export const operatorsFor = (field: Field, operators: Record<string, Operator>, past: boolean): string[] =>
  (field.operators ?? []).filter((id) => {
    // Picking several related records has no input of its own.
    const severalRecords = operators[id]?.operand === 'values' && field.type === 'relation'
    return (past || !operators[id]?.past) && !severalRecords
  })

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
