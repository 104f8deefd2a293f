import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useReason } from '../campaigns/words'
import { useFormat } from '../format'

/** Why a send passed some by, as the job has counted it: the most frequent reason first. */
export function SkipReasons({ skipped = {} }: { skipped?: Record<string, number> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = useReason()
  const rows = Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
  if (rows.length === 0) return null
  return (
    <section aria-label={t('job.skipped_why')}>
      <Text size="sm" fw={600}>
        {t('job.skipped_why')}
      </Text>
      <List size="sm" withPadding={false}>
        {rows.map(([id, count]) => (
          <List.Item key={id}>
            {format.integer(count)} · {reason(id)}
          </List.Item>
        ))}
      </List>
    </section>
  )
}
