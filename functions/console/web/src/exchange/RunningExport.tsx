import { Button, Group, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { ACTIVE } from '../api/queries'
import type { Job } from '../api/types'
import { JobProgress } from '../jobs/JobProgress'
import { ProblemAlert } from '../ui/Feedback'
import { download } from './upload'

type Exported = Job & { url: string | null }

interface Props {
  /** Where the API tells how far it is, and where the file lies. */
  path: string
  /** What to say once it is there. */
  done: (job: Job) => string
  onClose: () => void
}

/** A file that is being written: how far it is, then the way to it. */
export function RunningExport({ path, done, onClose }: Props) {
  const { t } = useTranslation()
  const query = useQuery({
    queryKey: ['exports', path],
    queryFn: () => api.get<Exported>(path),
    refetchInterval: ({ state }) => (!state.data || ACTIVE.has(state.data.state) ? 1_000 : false),
  })
  // The address lives for minutes: it is asked for when somebody presses, not when the job ends.
  const fetching = useMutation({
    mutationFn: () => api.get<Exported>(path),
    onSuccess: ({ url }) => url && download(url),
  })
  const job = query.data
  return (
    <Stack>
      {query.error && <ProblemAlert error={query.error} />}
      {job && <JobProgress job={job} />}
      <Text size="sm" aria-live="polite">
        {!job || ACTIVE.has(job.state) ? t('export.running') : job.url ? done(job) : t('export.failed')}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('action.close')}
        </Button>
        <Button
          leftSection={<IconDownload size={16} />}
          disabled={!job?.url}
          loading={fetching.isPending}
          onClick={() => fetching.mutate()}
        >
          {t('export.download')}
        </Button>
      </Group>
    </Stack>
  )
}
