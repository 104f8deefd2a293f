import {
  IconBolt,
  IconCalendarTime,
  IconChecklist,
  IconFileTypePdf,
  IconFilter,
  IconFilterStar,
  IconForms,
  IconInputSearch,
  IconHeartbeat,
  IconListCheck,
  IconMailOff,
  IconMailQuestion,
  IconPaperclip,
  IconProgress,
  IconRoute,
  IconSettings,
  IconTemplate,
  IconUsers,
  IconWebhook,
  type Icon,
} from '@tabler/icons-react'
import type { Format } from '../format'
import type { Meta } from '../api/types'
import { moduleIcon } from '../fields/icons'

interface Entry {
  to: string
  label: string
  Picture: Icon
}

export interface Group {
  id: string
  entries: Entry[]
}

/** The Marketing menu in the order of the source documents; `records/…` entries stand there only if the module is declared. */
const MARKETING: [string, Icon | null][] = [
  ['records/campaigns', null],
  ['actions', IconBolt],
  ['scheduled-actions', IconCalendarTime],
  ['plans', IconChecklist],
  ['assignments', IconListCheck],
  ['segments', IconFilter],
  ['filters', IconFilterStar],
  ['records/messages', null],
  ['templates', IconTemplate],
  ['documents', IconPaperclip],
  ['document-templates', IconFileTypePdf],
  ['forms', IconForms],
  ['workflows', IconRoute],
  ['jobs', IconProgress],
  ['open-questions', IconMailQuestion],
  ['suppressions', IconMailOff],
  ['deliverability', IconHeartbeat],
]

/** For administrators. */
const SETTINGS: [string, Icon][] = [
  ['fields', IconInputSearch],
  ['users', IconUsers],
  ['webhooks', IconWebhook],
  ['settings', IconSettings],
]

/** Modules that the Marketing menu does not name stand under CRM: a new one appears there by being declared. */
export function navigation(meta: Meta, format: Format, t: (key: string) => string): Group[] {
  const moduleEntry = (id: string): Entry[] =>
    meta.modules
      .filter((module) => module.id === id)
      .map(({ label, icon }) => ({ to: `/records/${id}`, label: format.label(label), Picture: moduleIcon(icon) }))
  const placed = new Set(MARKETING.map(([path]) => path.replace('records/', '')))
  return [
    {
      id: 'marketing',
      entries: MARKETING.flatMap(([path, Picture]) =>
        Picture ? [{ to: `/${path}`, label: t(`nav.${path}`), Picture }] : moduleEntry(path.replace('records/', '')),
      ),
    },
    { id: 'crm', entries: meta.modules.filter(({ id }) => !placed.has(id)).flatMap(({ id }) => moduleEntry(id)) },
    {
      id: 'settings',
      entries: meta.user.role === 'admin' ? SETTINGS.map(([path, Picture]) => ({ to: `/${path}`, label: t(`nav.${path}`), Picture })) : [],
    },
  ]
}
