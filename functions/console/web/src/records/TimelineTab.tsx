import { Paper, Text, Timeline } from '@mantine/core'
import {
  IconAlertTriangle,
  IconFilter,
  IconForms,
  IconMail,
  IconMailOpened,
  IconPencil,
  IconPlus,
  IconPointFilled,
  IconPointer,
  IconTrash,
  IconUserX,
  type Icon,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Json, Module, TimelineItem, Values } from '../api/types'
import { useTimeline } from '../api/queries'
import { useFormat } from '../format'
import { fieldOf, useOwnerName } from '../meta'
import { plainValue } from '../fields/FieldValue'
import { Await, EmptyState } from '../ui/Feedback'
import { TimelineMore } from './TimelineMore'

/** The first word that occurs in the kind of an event decides its picture. */
const PICTURES: [string, Icon][] = [
  ['segment', IconFilter],
  ['form', IconForms],
  ['click', IconPointer],
  ['message_opened', IconMailOpened],
  ['bounce', IconAlertTriangle],
  ['spam', IconAlertTriangle],
  ['skipped', IconAlertTriangle],
  ['failed', IconAlertTriangle],
  ['complaint', IconAlertTriangle],
  ['drop', IconAlertTriangle],
  ['unsubscribe', IconUserX],
  ['delete', IconTrash],
  ['create', IconPlus],
  ['modif', IconPencil],
  ['change', IconPencil],
  ['update', IconPencil],
  ['message', IconMail],
  ['sent', IconMail],
  ['deliver', IconMail],
  ['accepted', IconMail],
]

const pictureOf = (kind: string): Icon => PICTURES.find(([word]) => kind.includes(word))?.[1] ?? IconPointFilled

export function TimelineTab({ module, id }: { module: Module; id: string }) {
  const { t } = useTranslation()
  const query = useTimeline(module.id, id)
  return (
    <Paper>
      <Await query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('record.timeline_empty')} hint={t('record.timeline_empty_hint')} />
          ) : (
            <Timeline active={items.length} bulletSize={26} lineWidth={2} styles={{ itemTitle: { lineHeight: 1.35 } }}>
              {items.map((item, index) => (
                <Event key={`${item.at}-${index}`} item={item} module={module} />
              ))}
            </Timeline>
          )
        }
      </Await>
    </Paper>
  )
}

interface EventProps {
  item: TimelineItem
  module: Module
}

/** `timeline` is what the timeline tells its children about their place in it. */
function Event({ item, module, ...timeline }: EventProps) {
  const format = useFormat()
  const Picture = pictureOf(item.kind)
  return (
    <Timeline.Item {...timeline} bullet={<Picture size={14} aria-hidden />} title={format.label(item.text)}>
      {item.kind === 'changed' && <Differences module={module} data={item.data} />}
      <TimelineMore item={item} module={module} />
      <Text size="xs" c="dimmed">
        {format.instant(item.at)}
      </Text>
    </Timeline.Item>
  )
}

/** Field by field what it was and what it is. */
function Differences({ module, data }: { module: Module; data: Values }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  return Object.entries(data)
    .filter(([, pair]) => Array.isArray(pair))
    .map(([id, pair]) => {
      const field = fieldOf(module, id)
      const [before, after] = (pair as Json[]).map((value) => {
        if (id === 'owner') return ownerName(value as string | null)
        return (field ? plainValue(field, value, format) : String(value ?? '')) || '—'
      })
      return (
        <Text key={id} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {format.label(field?.label) || t(`record.${id}`, { defaultValue: id })}: {before} → {after}
        </Text>
      )
    })
}
