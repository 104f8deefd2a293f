import { Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { useFormat } from '../format'

const HOUR = 3_600

/** When a send that waits will go by itself: by the second in its last hour, before that by the day. */
export function Countdown({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [now, setNow] = useState(Date.now)
  const waiting = job.state === 'scheduled' && job.start_at
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [waiting])
  if (!waiting || !job.start_at) return null
  const seconds = Math.max(0, Math.round((Date.parse(job.start_at) - now) / 1_000))
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <Text size="sm" role="timer">
      {seconds > HOUR ? t('job.goes_at', { at: format.instant(job.start_at) }) : t('job.goes_in', { clock })}
    </Text>
  )
}
