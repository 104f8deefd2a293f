import type { Chosen } from '../segments/FilterChoice'
import { fromWallClock } from '../format'

export type Filter = NonNullable<Chosen>

/** Whom a campaign is to reach and when, as it is being put together. */
export interface Plan {
  template: string | null
  everyone: boolean
  segments: string[]
  except: string[]
  /** Each with what it is called on screen. */
  filters: { filter: Filter; label: string }[]
  records: { module: string; id: string }[]
  /** Module -> the field whose address is written to, where it is not the usual one. */
  emailFields: Record<string, string>
  /** A send: whoever it reached and who has not opened its mail. */
  notOpened: string | null
  start: 'now' | 'hold' | 'at' | 'local'
  /** As a date input writes it: 2026-12-01T09:00. */
  at: string
  windowMinutes: number
  /** What goes along with each mail. */
  documents: string[]
  documentTemplates: string[]
}

export const BLANK: Plan = {
  template: null,
  everyone: false,
  segments: [],
  except: [],
  filters: [],
  records: [],
  emailFields: {},
  notOpened: null,
  start: 'now',
  at: '',
  windowMinutes: 0,
  documents: [],
  documentTemplates: [],
}

export const named = ({ everyone, segments, filters, records, notOpened }: Plan) =>
  everyone || notOpened !== null || segments.length + filters.length + records.length > 0

export const complete = (plan: Plan) =>
  plan.template !== null && named(plan) && (plan.start === 'now' || plan.start === 'hold' || plan.at !== '')

/** What the API calls an audience. What nobody chose is left out. */
function audienceOf({ everyone, segments, except, filters, records, emailFields, notOpened }: Plan) {
  const among = everyone || notOpened !== null ? {} : { filters: filters.map(({ filter }) => filter), records }
  const chosen = { ...among, email_fields: emailFields, not_opened: notOpened }
  const extra = Object.entries(chosen).filter(([, value]) => value !== null && Object.keys(value).length > 0)
  const lists = everyone || notOpened !== null ? [] : segments
  return { segments: lists, except, everyone, ...Object.fromEntries(extra) }
}

/** What was chosen to go along with the mail; nothing is left out. */
export const enclosedIn = ({ documents, documentTemplates }: Plan) => ({
  ...(documents.length > 0 && { documents }),
  ...(documentTemplates.length > 0 && { document_templates: documentTemplates }),
})

/** The part of an order that its preview asks about. */
export const questionOf = (plan: Plan) => ({
  template_id: plan.template,
  audience: audienceOf(plan),
  ...(plan.windowMinutes > 0 && { window_minutes: plan.windowMinutes }),
  ...enclosedIn(plan),
})

function startOf({ start, at }: Plan, zone: string) {
  if (start === 'local') return { local: at }
  return start === 'at' ? fromWallClock(`${at}:00`, zone) : start
}

export const orderOf = (plan: Plan, zone: string, shown: number) => ({
  ...questionOf(plan),
  start: startOf(plan, zone),
  confirm_recipients: shown,
})
