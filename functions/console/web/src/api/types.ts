/** The shapes of the admin API that the console reads. `/v1/meta` describes everything else. */
export type Language = 'es' | 'en'
export type Label = Partial<Record<Language, string>>
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Values = Record<string, Json>

export interface Option {
  value: string
  label: Label
}

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

/** Something that names what is to be changed or deleted. */
export interface Use {
  kind: string
  id: string
  name: string
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

export interface Named {
  id: string
  label: Label
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
  limits: { times: number; days: number; hours: number }
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
  job_kinds: Named[]
  message_states: Named[]
  users: { id: string; name: string }[]
  groups: { id: string; name: string }[]
  segment_types: Option[]
  segment_statuses: Option[]
  skip_reasons: Named[]
  /** What each mail provider proves itself with, and where it says how a webhook is set up. */
  webhook_providers: { id: string; keys: string[]; needed: string[]; docs: string }[]
  stop_reasons: Named[]
  suppression_reasons: Named[]
}

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

export interface Page<T> {
  items: T[]
  next: string | null
  as_of?: string
  exact?: boolean
}

export type Cause = Record<string, Json>

export interface TimelineItem {
  at: string
  kind: string
  cause: Cause
  data: Values
  /** The whole sentence, who or what caused it included. */
  text: Label
}

export interface FieldError {
  path: string
  rule?: string
  message: string
}

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: string; value?: Json }
  | { segment: string; op?: string }
  | { related: string; match?: string; times?: Times; where?: Condition }
  | Activity

/** How often: `exactly`, or `at_least` and `at_most`, or one of these. */
export type Times = Record<string, number | null>

/** Something that happened to a recipient. Its further keys (windows, campaign, URL…) are told by `/v1/meta`. */
export type Activity = { activity: string; times?: Times; where?: Condition } & { [key: string]: Json | Condition | Times | undefined }

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
  /** Recipients a second, and how many seconds are left at that. */
  rate?: number | null
  seconds_left?: number | null
  cost?: Cost
  template?: string
  template_id?: string
  audience?: { email_fields?: Record<string, string> }
  local_start?: string | null
  window_minutes?: number
}

/** About how many dollars: the provider's, and everything else. */
export type Cost = {
  provider: number
  platform: number
}

/** Somebody of an audience, with what the send would decide about them. */
export interface Recipient {
  module: string
  id: string
  number: string | null
  title: string
  email: string | null
  verdict: string
}

export interface Results {
  as_of: string
  sent: number
  delivered: number
  opened: number
  clicked: number
  bounced: number
  dropped: number
  spam: number
  unsubscribed: number
  no_email: number
  rates: Record<string, number>
  /** Hour by hour. */
  series?: { at: string; opened: number; clicked: number }[]
  links?: { url: string; clicks: number }[]
  /** What servers meant that returned mails, with the words heard most often. */
  bounces?: { kind: string; count: number; example: string }[]
  /** Why messages were not sent. */
  reasons?: { status: string; reason: string; count: number }[]
}

/** Who would get a send, and how many would not, by reason. */
export interface AudiencePreview {
  recipients: number
  will_send: number
  exact: boolean
  rate: number
  seconds: number
  cost: Cost
  /** Whose address cannot be the From: answers go to it all the same. */
  replaced_senders?: ReplacedSender[]
  [reason: string]: number | boolean | Cost | ReplacedSender[] | undefined
}

export interface ReplacedSender {
  user: string
  name: string
  from: string
  reply_to: string
}

/** Anything kept under Definitions (workflow, form, template, action…): its keys are shown as they come. */
export type Definition = { id: string; name?: string } & Values
