import { Alert, Button, Paper, SimpleGrid, Stack, Title } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import type { Job } from '../api/types'
import { useJob } from '../api/queries'
import { Properties } from '../definitions/Properties'
import { useFormat } from '../format'
import { doneAtOnce, useMany } from '../records/many'
import { ink } from '../theme'
import { warn } from '../ui/confirm'
import { Await, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Tile } from '../ui/Tile'
import { OpenQuestions } from '../messages/OpenQuestions'
import { JobProgress } from './JobProgress'
import { JobCommands, JobState, useJobName, useStopReason } from './JobTable'
import { Outcome } from './Outcome'
import { SendFacts } from './SendFacts'

/** Shown as tiles and title; what else the API tells about a job is listed below as it comes. */
const DRAWN = [
  ...['id', 'kind', 'name', 'state', 'total', 'pending', 'processed', 'failed', 'progress', 'result', 'version'],
  ...['counts', 'rate', 'seconds_left', 'cost', 'deletable', 'campaign', 'template', 'audience', 'local_start'],
  ...['window_minutes', 'stopped', 'parked_until', 'module', 'skipped', 'outcome'],
]

/** Takes back what a job has changed, as long as that can be done. */
function UndoButton({ job }: { job: Job }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const { undo } = useMany(job.module ?? '')
  const until = job.outcome?.undo_until as string | undefined
  if (!until || !job.module || !doneAtOnce(job) || Date.parse(until) < Date.now()) return null
  return (
    <Button
      variant="default"
      leftSection={<IconArrowBackUp size={16} />}
      loading={undo.isPending}
      onClick={() =>
        undo.mutate(job.id, {
          onSuccess: (undone) => void navigate(`/jobs/${undone.id}`),
          onError: (error) => warn(problemText(error)),
        })
      }
    >
      {t('many.undo')}
    </Button>
  )
}

export function JobPage() {
  const { id } = useParams()
  return <Await query={useJob(id)}>{(job) => <JobView job={job} />}</Await>
}

function JobView({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const jobName = useJobName()
  const stopReason = useStopReason()
  const counters = [
    ['total', 'gray'],
    ['pending', 'blue'],
    ['processed', 'teal'],
    ['failed', 'red'],
  ] as const
  return (
    <>
      <PageHeader title={jobName(job)} above={{ label: t('nav.jobs'), to: '/jobs' }} badge={<JobState state={job.state} />}>
        {job.campaign && (
          <Button component={Link} to={`/records/campaigns/${job.campaign}?tab=sends`} variant="default">
            {t('job.campaign')}
          </Button>
        )}
        <UndoButton job={job} />
        <JobCommands job={job} seen />
      </PageHeader>
      <Stack>
        {job.stopped && (
          <Alert color="orange" role="alert" title={t('job.stopped')} styles={{ title: { color: ink('orange') } }}>
            {stopReason(job.stopped)}
            {job.parked_until && ` ${t('job.parked_until', { when: format.instant(job.parked_until) })}`}
          </Alert>
        )}
        <Paper>
          <Stack gap="xs">
            <JobProgress job={job} size="xl" />
            <SendFacts job={job} />
          </Stack>
        </Paper>
        <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
          {counters.map(([name, colour]) => (
            <Tile key={name} label={t(`job.${name}`)} value={format.integer(job[name])} colour={colour} />
          ))}
        </SimpleGrid>
        {job.campaign && <OpenQuestions campaign={job.campaign} />}
        <Paper>
          <Title order={2} fz="md" mb="sm">
            {t('job.details')}
          </Title>
          <Properties values={{ ...job }} hide={DRAWN} />
          {job.outcome && <Outcome outcome={job.outcome} />}
        </Paper>
      </Stack>
    </>
  )
}
