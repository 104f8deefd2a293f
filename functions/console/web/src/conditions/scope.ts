import { createContext, type RefObject } from 'react'
import type { Condition, Module } from '../api/types'
import { useMeta } from '../meta'
import { operatorsFor } from './operand'
import type { FieldLeaf } from './tree'

/** What can be asked at a place of the tree. */
export interface Scope {
  module: Module
  /** There is a change whose value before can be asked about. */
  past: boolean
  /** Inside what is asked of related records: their own fields, and nothing further. */
  inner: boolean
  /** Fields that cannot be asked about here. */
  without: string[]
}

/** The part that gets the focus once it is drawn: a new one, or one that has just been moved. */
export interface Arrival {
  part: Condition
  by: -1 | 0 | 1
}

export const Arriving = createContext<RefObject<Arrival | null>>({ current: null })

/** The scope of what is asked of the records behind a link. */
export function useInnerScope(module: Module, link: string | undefined): Scope | null {
  const { modules } = useMeta()
  const found = module.links?.find(({ id }) => id === link)
  const other = modules.find(({ id }) => id === found?.module)
  return found && other ? { module: other, past: false, inner: true, without: found.without } : null
}

/** Whether its records can be written to: then there are messages to ask about. */
export const isWrittenTo = (module: Module, modules: Module[]): boolean =>
  Boolean(module.links?.some((link) => modules.find(({ id }) => id === link.module)?.kind === 'message'))

/** The first thing to ask: the first field of the module that can be asked about. */
export function useBlankLeaf(module: Module, past: boolean): FieldLeaf {
  const { operators } = useMeta()
  const first = module.fields.find((field) => operatorsFor(field, operators, past).length > 0)
  return { field: first?.id ?? '', op: (first && operatorsFor(first, operators, past)[0]) ?? 'is', value: null }
}
