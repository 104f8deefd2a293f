/** Records and what happened to them. */
import type { Cause, Label, Values } from './words'

export interface Entity {
  id: string
  module: string
  number?: string | null
  owner?: string | null
  tags?: string[]
  created_at: string
  created_by?: string | null
  updated_at: string
  version: number
  values: Values
  /** The names of the records that relation fields point to, by field. */
  titles?: Record<string, string>
}

export interface TimelineItem {
  at: string
  kind: string
  cause: Cause
  data: Values
  /** The whole sentence, who or what caused it included. */
  text: Label
}
