import type { Job, Json } from '../api/types'

/** What the person wants; what is left out is proposed by the API. */
export interface Asked {
  encoding?: string
  separator?: string
  preset?: string
  columns?: (string | null)[]
  match?: string
  mode?: string
  decimal?: string
  dates?: string
  owner?: string
  tags?: string[]
  segment?: string
}

export interface Plan extends Required<Omit<Asked, 'preset' | 'owner' | 'segment'>> {
  owner: string | null
  segment: string | null
}

export type RowOutcome = 'new' | 'changed' | 'unchanged' | 'refused'

export interface PreviewRow {
  line: number
  cells: string[]
  outcome: RowOutcome
  values: Record<string, Json>
  errors: { path: string; rule: string; message: string }[]
}

export interface Preview {
  plan: Plan
  preset: string | null
  headers: string[]
  targets: string[]
  matches: string[]
  counts: Record<RowOutcome | 'kept_out', number>
  complete: boolean
  rows: PreviewRow[]
}

export interface Import {
  id: string
  module: string
  name: string
  size: number
  upload_url?: string
  job: Job | null
}

export const OUTCOMES: RowOutcome[] = ['new', 'changed', 'unchanged', 'refused']
export const ENCODINGS = ['utf-8', 'cp1252', 'utf-16-le', 'utf-16-be']
export const SEPARATORS = [';', ',', '\t', '|']
export const PRESETS = ['mailchimp', 'hubspot', 'brevo', 'listmonk', 'corebos']
