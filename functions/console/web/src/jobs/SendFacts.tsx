import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { useCost, useDuration } from '../campaigns/words'
import { useFormat } from '../format'
import { Countdown } from './Countdown'
import { SkipReasons } from './SkipReasons'

const OUTCOMES = ['accepted', 'skipped', 'failed', 'uncertain', 'held', 'cancelled'] as const

/** How fast a send goes, how much longer, for how much; and what became of everybody so far. */
export function SendFacts({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const duration = useDuration()
  const cost = useCost()
  const facts = [
    job.rate && t('job.rate', { rate: format.decimal(job.rate) }),
    job.seconds_left && t('job.left', { what: duration(job.seconds_left) }),
    job.cost && job.cost.provider > 0 && cost(job.cost),
    job.local_start && t('job.local_start', { at: format.wallClock(job.local_start) }),
    job.window_minutes && t('job.window', { what: duration(job.window_minutes * 60) }),
  ]
  const counts = OUTCOMES.filter((outcome) => (job.counts?.[outcome] ?? 0) > 0)
  return (
    <>
      <Countdown job={job} />
      {facts.some(Boolean) && (
        <Text size="sm" aria-live="polite">
          {facts.filter(Boolean).join(' · ')}
        </Text>
      )}
      {counts.length > 0 && (
        <Group gap="md">
          {counts.map((outcome) => (
            <Text key={outcome} size="sm" c="dimmed">
              {t(`state.${outcome}`)}: {format.integer(job.counts?.[outcome] ?? 0)}
            </Text>
          ))}
        </Group>
      )}
      <SkipReasons skipped={job.skipped} />
    </>
  )
}
