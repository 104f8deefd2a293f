/** What a module is: its fields, and what a condition can ask of it. */

import type { Label, Language, Named, Option, Values } from './words'

export interface Field {
  id: string
  label: Label
  type: string
  required?: boolean
  unique?: boolean
  readonly?: boolean
  custom?: boolean
  /** A date that comes back each year: its age is shown beside it. */
  anniversary?: boolean
  options?: Option[] | null
  relation?: string | null
  operators?: string[]
}

/** A field that an administrator added, as `/v1/fields` keeps it. */
export interface CustomField {
  id: string
  field: string
  label: Label
  type: string
  required: boolean
  options: Option[]
  relation: string | null
  list_column: boolean
  version: number
}

export interface Section {
  id: string
  label: Label
  fields: string[]
}

export interface Module {
  id: string
  label: Label
  label_one: Label
  prefix?: string
  icon?: string
  kind?: string
  title_fields: string[]
  list_columns: string[]
  search_fields?: string[]
  capabilities: { create: boolean; edit: boolean; delete: boolean }
  sections: Section[]
  fields: Field[]
  /** Whom the tasks of a workflow on this module can act on; the first one unless they say otherwise. */
  targets: { id: string; module: string }[]
  /** Other modules whose records point here through a field, or are linked many to many. */
  related?: { module: string; label: Label; linked?: boolean }[]
  /** What a condition can ask of the records that point here, or are linked with these. */
  links?: Link[]
}

/** Records that a condition on another module can ask about, and the fields that it cannot. */
export interface Link {
  id: string
  module: string
  label: Label
  without: string[]
}

/** A parameter of a task or a trigger: `kind` names the definitions it is chosen from, or the kind of its value. */
export interface Param {
  name: string
  kind: string
  required: boolean
}

export interface TaskType extends Named {
  params: Param[]
}

export interface Trigger extends Named {
  param: Param | null
  /** Whether its conditions can look at the values before. */
  past: boolean
}

/** A word that merge tags begin with: it has the fields of a module, or a few of its own. */
export interface MergeSource {
  name: string
  module?: string
  fields?: string[]
}

export interface Operator {
  label: Label
  operands: number
  /** What it is compared with, where that is not a value of the field: a part of one, several, a count of days… */
  operand?: string
  /** What can be chosen, where the operand is one of a few names: last week, this month… */
  options?: Field['options']
  /** It looks at the value before a change: of no use in a filter. */
  past?: boolean
}

/** A key of an activity: `input` says what it takes. */
export interface ActivityKey extends Named {
  input: string
}

/** What a condition can ask beside fields. */
export interface ConditionWords {
  activities: (Named & { keys: ActivityKey[] })[]
  times: Named[]
  windows: ActivityKey[]
  matches: Named[]
  membership: Named[]
  url_operators: string[]
  limits: { depth: number; leaves: number; around: number; times: number; days: number; hours: number }
}

export interface Company {
  name: string
  zone: string
  currency: string
  language: Language
  /** How long a confirmed send waits, so that it can still be deleted. */
  send_delay_minutes?: number
  /** Addresses of the house that test mails go to. */
  seed_list?: string[]
}

export interface Meta {
  user: { id: string; name: string; email: string; role: string; language?: Language }
  settings: { company: Company }
  modules: Module[]
  /** Fields that every record has beside those of its module. */
  system_fields: Field[]
  operators: Record<string, Operator>
  conditions: ConditionWords
  field_types: Named[]
  task_types: TaskType[]
  triggers: Trigger[]
  /** The values among which a key of a definition is chosen, by the name of the choice. */
  choices: Record<string, string[]>
  /** What stands before the id of a user who is the sender. */
  sender_prefix: string
  /** The dates that a scheduled action can count from, and the modules that have them. */
  reference_fields: { id: string; label: Label; modules: string[] }[]
  merge_sources: MergeSource[]
  template_starter: Label
  /** Which files are taken as documents, how much one mail takes of them, and what a document template begins as. */
  documents: { endings: string[]; mail_bytes: number; generated_bytes: number; most: number; starter: Record<Language, Values> }
  job_kinds: Named[]
  message_states: Named[]
  users: { id: string; name: string }[]
  groups: { id: string; name: string }[]
  segment_types: Option[]
  segment_statuses: Option[]
  skip_reasons: Named[]
  /** What each mail provider proves itself with, and where it says how a webhook is set up. */
  webhook_providers: { id: string; keys: string[]; needed: string[]; docs: string }[]
  bounce_kinds: Named[]
  stop_reasons: Named[]
  suppression_reasons: Named[]
}
