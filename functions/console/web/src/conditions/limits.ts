import { createContext, use } from 'react'
import type { Condition, Module } from '../api/types'
import { useMeta } from '../meta'
import { branchOf, isActivity, isField, isGroup, isRelated } from './tree'

/** How many questions there are, and how many of them look at something else than the record itself. */
export interface Size {
  leaves: number
  around: number
}

const NONE: Size = { leaves: 0, around: 0 }

/** The size of the whole condition that is being written: its parts share the room. */
export const WholeSize = createContext<Size>(NONE)

/** Counted as the API counts it: what is asked of related records counts among the questions, not among the joins. */
export function sizeOf(condition: Condition | null | undefined): Size {
  if (!condition) return NONE
  if (isGroup(condition))
    return branchOf(condition)
      .parts.map(sizeOf)
      .reduce((sum, { leaves, around }) => ({ leaves: sum.leaves + leaves, around: sum.around + around }), NONE)
  const elsewhere = isField(condition) ? condition.field.includes('.') : true
  const inner = isRelated(condition) || isActivity(condition) ? sizeOf(condition.where as Condition | undefined) : NONE
  return { leaves: 1 + inner.leaves, around: Number(elsewhere) }
}

/** How deep the part at a path stands; the whole stands at one. */
export const depthAt = (path: string): number =>
  1 + (path.slice(path.lastIndexOf('condition')).match(/\[\d+\]|\.not\b|\.where\b/g)?.length ?? 0)

/** How many levels a condition has. */
export function heightOf(condition: Condition | null | undefined): number {
  if (!condition) return 0
  if ('not' in condition) return 1 + heightOf(condition.not as Condition)
  if (isGroup(condition)) return 1 + Math.max(0, ...branchOf(condition).parts.map(heightOf))
  const where = isField(condition) || !('where' in condition) ? undefined : (condition.where as Condition | undefined)
  return 1 + heightOf(where)
}

export interface Room {
  /** What can still be added to the group. */
  leaf: boolean
  group: boolean
  elsewhere: boolean
  /** Why something cannot. */
  full: 'leaves' | 'around' | 'depth' | null
  /** Whether a condition would fit where the group stands. */
  fits: (condition: Condition) => boolean
}

/** What still fits into the group at a path: said here before the API would refuse it. */
export function useRoom(path: string, negated: boolean, module: Module): Room {
  const { limits } = useMeta().conditions
  const size = use(WholeSize)
  const inside = depthAt(path) + Number(negated) + 1
  const leaves = size.leaves < limits.leaves
  const around = size.around < limits.around
  const full = !leaves ? 'leaves' : inside > limits.depth - 1 ? 'depth' : !around && (module.links?.length ?? 0) > 0 ? 'around' : null
  return {
    leaf: leaves && inside <= limits.depth,
    group: leaves && inside < limits.depth,
    elsewhere: leaves && around && inside <= limits.depth,
    full,
    fits: (condition) => depthAt(path) + heightOf(condition) - 1 <= limits.depth,
  }
}
