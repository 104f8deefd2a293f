import { Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job } from '../api/types'
import { ACTIVE } from '../api/queries'
import { useFormat } from '../format'

export function JobProgress({ job, size = 'lg' }: { job: Job; size?: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const moving = ACTIVE.has(job.state)
  // Rounded down: 100 % is said when everything is done, not one recipient earlier.
  const percent = Math.floor(100 * Math.min(1, Math.max(0, job.progress)))
  const failed = job.total > 0 ? (100 * job.failed) / job.total : 0
  const colour = percent === 100 ? 'teal' : moving ? 'blue' : 'gray.6'
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress.Root
        size={size}
        flex={1}
        miw={70}
        role="progressbar"
        aria-label={t('job.progress')}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        transitionDuration={600}
      >
        <Progress.Section value={percent - failed} color={colour} animated={moving} withAria={false} />
        {failed > 0 && <Progress.Section value={failed} color="red" withAria={false} />}
      </Progress.Root>
      <Text size="xs" w={40} ta="right" style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
        {format.integer(percent)}
        {format.percentSign}
      </Text>
    </Group>
  )
}
