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
import type { Module, TimelineItem } from '../api/types'
import { useTimeline } from '../api/queries'
import { useFormat } from '../format'
import { useOwnerName } from '../meta'
import { Await, EmptyState } from '../ui/Feedback'

/** The first word that occurs in the kind of an event decides its picture. */
const PICTURES: [string, Icon][] = [
  ['segment', IconFilter],
  ['form', IconForms],
  ['click', IconPointer],
  ['open', IconMailOpened],
  ['bounce', IconAlertTriangle],
  ['spam', IconAlertTriangle],
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
            <EmptyState title={t('record.timeline_empty')} />
          ) : (
            <Timeline active={items.length} bulletSize={26} lineWidth={2} color="blue">
              {items.map((item, index) => (
                <Event key={`${item.at}-${index}`} item={item} />
              ))}
            </Timeline>
          )
        }
      </Await>
    </Paper>
  )
}

function Event({ item }: { item: TimelineItem }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  const Picture = pictureOf(item.kind)
  const kind = t(`timeline.${item.kind}`, { defaultValue: item.kind.replaceAll('_', ' ') })
  const sentence = format.label(item.text)
  const causes = Object.entries(item.cause ?? {}).filter(([, value]) => typeof value === 'string' && value !== '')
  const because = causes
    .map(([name, value]) => `${t(`cause.${name}`, { defaultValue: name })}: ${name === 'user' ? ownerName(String(value)) : String(value)}`)
    .join(' · ')
  return (
    <Timeline.Item bullet={<Picture size={14} aria-hidden />} title={sentence || kind}>
      <Text size="xs" c="dimmed">
        {format.instant(item.at)}
        {sentence ? '' : because && ` · ${because}`}
      </Text>
    </Timeline.Item>
  )
}
