import type { Module } from '../api/types'
import type { Asked } from './types'

/** A dry run, and what it was a run of. */
export interface Rehearsal {
  job: string
  plan: string
}

/** An import whose file has arrived and that has not been started: what was said of it so far. */
export interface Unfinished {
  name: string
  asked: Asked
  rehearsal: Rehearsal | null
}

/** Where the unfinished imports of a module are kept. */
export const importDrafts = (module: Module): string => `imports/${module.id}`

export const importDraft = (module: Module, id: string): string => `${importDrafts(module)}/${id}`
