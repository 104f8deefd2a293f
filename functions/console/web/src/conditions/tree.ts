import type { Condition, Operator } from '../api/types'

export type Leaf = Extract<Condition, { field: string }>
export type Kind = 'all' | 'any'

/** A group as it is edited: how its parts are joined, and whether the whole is turned round. */
export interface Branch {
  kind: Kind
  negated: boolean
  parts: Condition[]
}

/** Any condition as a group: a lone leaf is a group of one, nothing at all an empty one. */
export function branchOf(condition: Condition | null): Branch {
  if (condition === null) return { kind: 'all', negated: false, parts: [] }
  if ('all' in condition) return { kind: 'all', negated: false, parts: condition.all }
  if ('any' in condition) return { kind: 'any', negated: false, parts: condition.any }
  if ('not' in condition) {
    const inner = branchOf(condition.not)
    return inner.negated ? { ...inner, negated: false } : { ...inner, negated: true }
  }
  return { kind: 'all', negated: false, parts: [condition] }
}

export function conditionOf({ kind, negated, parts }: Branch): Condition {
  const group: Condition = kind === 'all' ? { all: parts } : { any: parts }
  return negated ? { not: group } : group
}

/** Where the API says that a part of the group stands. */
export const partPath = (path: string, { kind, negated }: Branch, index: number): string =>
  `${path}${negated ? '.not' : ''}.${kind}[${index}]`.replace(/^\./, '')

export const isLeaf = (condition: Condition): condition is Leaf => 'field' in condition

/** Without the rows that nobody filled in yet, and the groups that are left empty by that: null when nothing is asked. */
export function complete(condition: Condition | null, operators: Record<string, Operator>): Condition | null {
  if (condition === null) return null
  if (isLeaf(condition)) {
    if (operators[condition.op]?.operands === 0) return { field: condition.field, op: condition.op }
    return condition.value === null || condition.value === undefined ? null : condition
  }
  const branch = branchOf(condition)
  const parts = branch.parts.map((part) => complete(part, operators)).filter((part) => part !== null)
  return parts.length > 0 ? conditionOf({ ...branch, parts }) : null
}
