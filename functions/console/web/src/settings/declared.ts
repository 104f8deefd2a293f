import type { Json, Values } from '../api/types'

export type Kind = 'text' | 'long' | 'email' | 'number' | 'percent' | 'switch' | 'choice' | 'list' | 'zone'

export interface Setting {
  /** Where it stands in the settings: a dot leads into an object. */
  path: string
  kind: Kind
  required?: boolean
  options?: string[]
  /** None of them is an answer too. */
  clearable?: boolean
  /** Names a secret by reference; somebody may paste the secret itself. */
  secret?: true
  min?: number
  max?: number
}

interface Section {
  /** Names the words of the part; `for` is the object that the part makes and unmakes. */
  id: string
  settings: Setting[]
  optional?: string
}

/** Pages of settings that are plain inputs, by the id that the API gives them. */
export const PLAIN: Record<string, Section[]> = {
  company: [
    {
      id: 'who',
      settings: [
        { path: 'name', kind: 'text', required: true },
        { path: 'address', kind: 'long', required: true },
        { path: 'zone', kind: 'zone' },
        { path: 'language', kind: 'choice', options: ['es', 'en'] },
        { path: 'currency', kind: 'text' },
      ],
    },
    {
      id: 'sending',
      settings: [
        { path: 'sender', kind: 'email', required: true },
        { path: 'verified_domains', kind: 'list' },
        { path: 'seed_list', kind: 'list' },
        { path: 'send_delay_minutes', kind: 'number', min: 0, max: 60 },
      ],
    },
    {
      id: 'leaving',
      settings: [
        { path: 'landing_page', kind: 'text' },
        { path: 'unsubscribe_mail', kind: 'email' },
      ],
    },
  ],
  deliverability: [
    { id: 'brakes', settings: [{ path: 'brakes', kind: 'switch' }] },
    {
      id: 'bounces',
      settings: [
        { path: 'bounce_limit', kind: 'percent', max: 10 },
        { path: 'bounce_minimum', kind: 'number', min: 20, max: 100_000 },
        { path: 'soft_bounces', kind: 'number', min: 0, max: 50 },
      ],
    },
    {
      id: 'complaints',
      settings: [
        { path: 'complaint_limit', kind: 'percent', max: 0.5 },
        { path: 'complaint_minimum', kind: 'number', min: 100, max: 1_000_000 },
      ],
    },
  ],
  transports: [
    {
      id: 'who',
      settings: [
        { path: 'default', kind: 'choice', options: ['ses', 'sendgrid', 'smtp'] },
        { path: 'marketing', kind: 'choice', clearable: true, options: ['ses', 'sendgrid', 'smtp'] },
        { path: 'transactional', kind: 'choice', clearable: true, options: ['ses', 'sendgrid', 'smtp'] },
      ],
    },
    {
      id: 'sendgrid',
      optional: 'sendgrid',
      settings: [
        { path: 'sendgrid.key', kind: 'text', required: true, secret: true },
        { path: 'sendgrid.region', kind: 'choice', options: ['global', 'eu'] },
      ],
    },
    {
      id: 'smtp',
      optional: 'smtp',
      settings: [
        { path: 'smtp.host', kind: 'text', required: true },
        { path: 'smtp.port', kind: 'number', min: 1, max: 65_535 },
        { path: 'smtp.security', kind: 'choice', options: ['starttls', 'tls', 'none'] },
        { path: 'smtp.login', kind: 'text', secret: true },
        { path: 'smtp.relay', kind: 'choice', options: ['plain', 'ses', 'sendgrid', 'postmark', 'mailgun', 'brevo'] },
        { path: 'smtp.private', kind: 'switch' },
      ],
    },
  ],
}

/** What an optional part begins with. */
export const BEGIN: Record<string, Values> = {
  sendgrid: { key: '', region: 'global' },
  smtp: { host: '', port: 587, security: 'starttls', login: '', relay: 'plain', private: false },
}

const SECRETS = Object.values(PLAIN).flatMap((sections) =>
  sections.flatMap(({ settings }) => settings.filter(({ secret }) => secret).map(({ path }) => path)),
)

export const PAGES = ['company', 'numbers', 'deliverability', 'transports', 'visibility']

export const inside = (value: Json | undefined): Values =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}

export const at = (draft: Values, path: string): Json | undefined => {
  const [head = '', rest] = path.split('.')
  return rest === undefined ? draft[head] : inside(draft[head])[rest]
}

/** The draft with another value there. An empty choice is none: its key is left out. */
export const withValue = (draft: Values, path: string, value: Json): Values => {
  const [head = '', rest] = path.split('.')
  if (rest !== undefined) return { ...draft, [head]: { ...inside(draft[head]), [rest]: value } }
  return value === '' ? without(draft, head) : { ...draft, [head]: value }
}

export const without = (draft: Values, key: string): Values =>
  Object.fromEntries(Object.entries(draft).filter(([name]) => name !== key))

/** What was changed of the settings of a page, and which of them were taken out. */
export interface Changes {
  set: Values
  gone: string[]
}

const same = (one: Json | undefined, other: Json | undefined) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** What a draft keeps of them; null where that is nothing. What names a secret stays as it is stored. */
export function changesOf(draft: Values, base: Values): Changes | null {
  const safe = SECRETS.filter((path) => at(draft, path) !== undefined).reduce(
    (part, path) => withValue(part, path, at(base, path) ?? ''),
    draft,
  )
  const set = Object.fromEntries(Object.entries(safe).filter(([key, value]) => !same(value, base[key])))
  const gone = Object.keys(base).filter((key) => !(key in draft))
  return Object.keys(set).length + gone.length > 0 ? { set, gone } : null
}

export const withChanges = (base: Values, { set, gone }: Changes): Values => ({
  ...Object.fromEntries(Object.entries(base).filter(([key]) => !gone.includes(key))),
  ...set,
})
