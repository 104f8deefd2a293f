import { Alert, Button, Group, Paper, SimpleGrid, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Job, Module } from '../api/types'
import { ACTIVE, invalidateSoon } from '../api/queries'
import { useFormat } from '../format'
import { JobProgress } from '../jobs/JobProgress'
import { ProblemAlert } from '../ui/Feedback'
import { OutcomeTiles } from './OutcomeTiles'
import type { Import } from './types'
import { download } from './upload'

/** How far it is, what came of each row, and the rows that were refused. */
export function ImportResult({ found, job, module }: { found: Import; job: Job; module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const moving = ACTIVE.has(job.state)
  const fetching = useMutation({
    mutationFn: () => api.get<{ url: string }>(`/v1/imports/${found.id}/errors`),
    onSuccess: ({ url }) => download(url),
  })
  useEffect(() => {
    if (!moving) invalidateSoon(client, ['records', module.id])
  }, [client, moving, module.id])
  const outcome = job.outcome ?? {}
  const refused = Number(outcome.refused ?? 0)
  return (
    <Stack>
      <Paper>
        <JobProgress job={job} size="xl" />
      </Paper>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" aria-live="polite">
        <OutcomeTiles counts={outcome} />
      </SimpleGrid>
      {Number(outcome.kept_out ?? 0) > 0 && (
        <Alert color="blue">{t('import.kept_out', { count: Number(outcome.kept_out), number: format.integer(Number(outcome.kept_out)) })}</Alert>
      )}
      {job.state === 'failed' && (
        <Alert color="red" role="alert">
          {t('import.job_failed')}
        </Alert>
      )}
      {fetching.error && <ProblemAlert error={fetching.error} />}
      {!moving && (
        <Group>
          {refused > 0 && (
            <Button leftSection={<IconDownload size={16} />} loading={fetching.isPending} onClick={() => fetching.mutate()}>
              {t('import.errors', { count: refused, number: format.integer(refused) })}
            </Button>
          )}
          <Button component={Link} to={`/records/${module.id}`} variant="default">
            {t('import.see', { module: format.label(module.label).toLocaleLowerCase() })}
          </Button>
          <Button component={Link} to={`/records/${module.id}/import`} variant="default">
            {t('import.another')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
