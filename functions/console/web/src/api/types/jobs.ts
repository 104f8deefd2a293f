/** Background work. */
import type { Json } from './words'

export interface Job {
  id: string
  kind: string
  name?: string
  state: string
  total: number
  pending: number
  processed: number
  failed: number
  progress: number
  created_at: string
  finished_at: string | null
  created_by?: string | null
  /** What came of it so far, where its kind tells. */
  outcome?: Record<string, Json>
  /** Why it stands still though nobody paused it, and until when where it goes on by itself. */
  stopped?: string | null
  parked_until?: string | null
  result?: Json
  /** Whose records it changes, where it changes many. */
  module?: string | null
  /** Of sends only. */
  campaign?: string | null
  start_at?: string | null
  deletable?: boolean
  counts?: Record<string, number>
  /** How many were passed by, by reason. */
  skipped?: Record<string, number>
  /** Recipients a second, and how many seconds are left at that. */
  rate?: number | null
  seconds_left?: number | null
  cost?: Cost
  template?: string
  template_id?: string
  documents?: string[]
  document_templates?: string[]
  audience?: { email_fields?: Record<string, string> }
  local_start?: string | null
  window_minutes?: number
}

/** About how many dollars: the provider's, and everything else. */
export type Cost = {
  provider: number
  platform: number
}
