/** Segments and their members. */
import type { Condition } from './conditions'
import type { Cause } from './words'

export interface Segment {
  id: string
  number?: string
  name: string
  type: string
  status: string
  owner?: string | null
  created_at?: string
  updated_at?: string
  count?: number
  counts?: Record<string, number>
  /** When the counts were right. */
  as_of?: string
  exact?: boolean
  keeps_out?: boolean
  autosync?: AutoSyncRule[]
}

export interface AutoSyncRule {
  id: string
  filter_id?: string | null
  module: string
  condition: Condition
  state: string
}

export interface MemberSource {
  kind: string
  id?: string
  since?: string
  cause?: Cause
}

export interface Member {
  module: string
  id: string
  since: string
  source?: string
  sources?: MemberSource[]
  title?: string
  number?: string
}
