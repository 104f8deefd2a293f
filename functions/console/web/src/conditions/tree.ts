import type { Activity, Condition, Json, Operator } from '../api/types'

export type FieldLeaf = Extract<Condition, { field: string }>
export type SegmentLeaf = { segment: string; op?: string }
export type RelatedLeaf = Extract<Condition, { related: string; match?: string }>
export type Kind = 'all' | 'any'

/** A group as it is edited: how its parts are joined, and whether the whole is turned round. */
export interface Branch {
  kind: Kind
  negated: boolean
  parts: Condition[]
}

export const isField = (condition: Condition): condition is FieldLeaf => 'field' in condition
export const isActivity = (condition: Condition): condition is Activity => 'activity' in condition
export const isRelated = (condition: Condition): condition is RelatedLeaf => 'related' in condition
export const isSegment = (condition: Condition): condition is SegmentLeaf => 'segment' in condition
export const isGroup = (condition: Condition): condition is { all: Condition[] } | { any: Condition[] } | { not: Condition } =>
  'all' in condition || 'any' in condition || 'not' in condition

/** Any condition as a group: a lone leaf is a group of one, nothing at all an empty one. */
export function branchOf(condition: Condition | null | undefined): Branch {
  if (!condition) return { kind: 'all', negated: false, parts: [] }
  if ('all' in condition) return { kind: 'all', negated: false, parts: condition.all as Condition[] }
  if ('any' in condition) return { kind: 'any', negated: false, parts: condition.any as Condition[] }
  if ('not' in condition) {
    const inner = branchOf(condition.not as Condition)
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

const inserted = (parts: Condition[], index: number, part: Condition) => [...parts.slice(0, index), part, ...parts.slice(index)]
const without = (parts: Condition[], index: number) => parts.filter((_, at) => at !== index)

/** A part one step up (-1) or down (1) as one reads: past its neighbour, or into it where that is a group. */
export function stepped(branch: Branch, index: number, by: -1 | 1): Branch {
  const part = branch.parts[index]
  const neighbour = branch.parts[index + by]
  if (!part || !neighbour) return branch
  if (!isGroup(neighbour)) return { ...branch, parts: inserted(without(branch.parts, index), index + by, part) }
  const group = branchOf(neighbour)
  const taken = conditionOf({ ...group, parts: inserted(group.parts, by < 0 ? group.parts.length : 0, part) })
  return { ...branch, parts: without(branch.parts.map((old) => (old === neighbour ? taken : old)), index) }
}

/** A part that leaves its group by the top (-1) or the bottom (1) stands before or behind it; an emptied group goes. */
export function lifted(branch: Branch, index: number, rest: Branch, part: Condition, by: -1 | 1): Branch {
  const left = rest.parts.length > 0 ? [conditionOf(rest)] : []
  const both = by < 0 ? [part, ...left] : [...left, part]
  return { ...branch, parts: branch.parts.flatMap((old, at) => (at === index ? both : [old])) }
}

/** What is asked without the rows that nobody filled in yet, and where each part stood before they went. */
export interface Sifted {
  condition: Condition | null
  places: [sent: string, shown: string][]
  /** How many rows were left out. */
  unfinished: number
}

const filled = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(filled) : value !== null && value !== undefined && value !== ''

export function sift(condition: Condition | null, operators: Record<string, Operator>, path = 'condition'): Sifted {
  const places: Sifted['places'] = []
  let unfinished = 0
  const left = () => {
    unfinished += 1
    return null
  }
  const group = (node: Condition, sent: string, shown: string): Condition | null => {
    const branch = branchOf(node)
    const parts: Condition[] = []
    branch.parts.forEach((part, index) => {
      const known = places.length
      const here = partPath(sent, branch, parts.length)
      const kept = walk(part, here, partPath(shown, branch, index))
      if (kept) parts.push(kept)
      else places.length = known
    })
    return parts.length > 0 ? conditionOf({ ...branch, parts }) : null
  }
  const walk = (node: Condition, sent: string, shown: string): Condition | null => {
    places.push([sent, shown])
    if (isGroup(node)) return group(node, sent, shown)
    if (isField(node)) {
      if (operators[node.op]?.operands === 0) return { field: node.field, op: node.op }
      return filled(node.value) ? node : left()
    }
    if (isSegment(node)) return node.segment ? node : left()
    const where = node.where ? group(node.where as Condition, `${sent}.where`, `${shown}.where`) : null
    const told = Object.entries(node).filter(([key, value]) => key !== 'where' && !unanswered(value as Json, operators))
    return { ...Object.fromEntries(told), ...(where && { where }) } as Condition
  }
  const whole = condition && group(condition, path, path)
  return { condition: whole, places: [[path, path], ...places], unfinished }
}

/** A key of an activity that was opened and not filled in: a URL nobody typed, a count that was emptied. */
function unanswered(value: Json | undefined, operators: Record<string, Operator>): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return !filled(value)
  if (typeof value.op === 'string') return operators[value.op]?.operands !== 0 && !filled(value.value)
  return !Object.values(value).some(filled)
}

export const complete = (condition: Condition | null, operators: Record<string, Operator>): Condition | null =>
  sift(condition, operators).condition

/** A path of what was sent, as a path of what is on the screen. */
export function shownPath(path: string, places: Sifted['places']): string {
  const under = places.filter(([sent]) => path === sent || (path.startsWith(sent) && '.['.includes(path[sent.length] ?? '.')))
  const [sent, shown] = under.reduce((best, each) => (each[0].length >= best[0].length ? each : best), ['', ''])
  return shown + path.slice(sent.length)
}
