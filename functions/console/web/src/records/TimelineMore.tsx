import { Anchor, Code, Spoiler, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Module, TimelineItem } from '../api/types'
import { recordPath } from './columns'

/** What else is known of an event: how often, what another server said word for word, and where it can be looked at. */
export function TimelineMore({ item, module }: { item: TimelineItem; module: Module }) {
  const { t } = useTranslation()
  const { count, detail, raw, message, job } = item.data
  return (
    <>
      {Number(count ?? 1) > 1 && <Text size="sm">{t('unit.times', { count: Number(count) })}</Text>}
      {item.kind === 'message_bounced' && detail && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('message.quote', { words: String(detail) })}
        </Text>
      )}
      {typeof raw === 'string' && (
        <Spoiler maxHeight={0} showLabel={t('message.raw_show')} hideLabel={t('message.raw_hide')} styles={{ control: { fontSize: 'var(--mantine-font-size-xs)' } }}>
          <Code block fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {indented(raw)}
          </Code>
        </Spoiler>
      )}
      {typeof message === 'string' && module.id !== 'messages' && (
        <Anchor component={Link} to={recordPath('messages', message)} size="xs">
          {t('message.see')}
        </Anchor>
      )}
      {typeof job === 'string' && item.kind !== 'send_deleted' && (
        <Anchor component={Link} to={`/jobs/${job}`} size="xs">
          {t('send.see')}
        </Anchor>
      )}
    </>
  )
}

/** Long words of a provider are cut, and then no JSON any more: shown as they stand. */
function indented(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 1)
  } catch {
    return raw
  }
}
