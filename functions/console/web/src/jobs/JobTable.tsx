import { ActionIcon, Anchor, Group, Text, Tooltip } from '@mantine/core'
import { IconEye, IconPlayerPause, IconPlayerPlay, IconTrash, IconX, type Icon } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate } from 'react-router'
import type { Job } from '../api/types'
import { useDeleteJob, useJobCommand } from '../api/queries'
import { useFormat } from '../format'
import { useMayWrite, useMeta, useOwnerName } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import type { Column } from '../ui/ResponsiveTable'
import { StateBadge } from '../ui/StateBadge'
import { JobProgress } from './JobProgress'

interface Command {
  name: 'start' | 'pause' | 'resume' | 'cancel'
  Picture: Icon
}

const START: Command = { name: 'start', Picture: IconPlayerPlay }
const PAUSE: Command = { name: 'pause', Picture: IconPlayerPause }
const RESUME: Command = { name: 'resume', Picture: IconPlayerPlay }
const CANCEL: Command = { name: 'cancel', Picture: IconX }

/** What can be asked of a job in each state; a state that is not listed is an end. */
const COMMANDS: Record<string, Command[]> = {
  held: [START, CANCEL],
  scheduled: [START, CANCEL],
  running: [PAUSE, CANCEL],
  parked: [PAUSE, CANCEL],
  paused: [RESUME, CANCEL],
}

/** One whose worker died at a step, again and again, is resumed there. */
const commandsOf = ({ state, stopped }: Job): Command[] =>
  state === 'failed' && stopped === 'step_killed' ? [RESUME] : (COMMANDS[state] ?? [])

export function useJobName(): (job: Job) => string {
  const { job_kinds } = useMeta()
  const format = useFormat()
  return (job) => {
    const kind = format.label(job_kinds.find(({ id }) => id === job.kind)?.label) || job.kind
    return job.name ? `${kind}: ${job.name}` : kind
  }
}

/** Why a job stands still, in words. */
export function useStopReason(): (id: string) => string {
  const { stop_reasons } = useMeta()
  const format = useFormat()
  return (id) => format.label(stop_reasons.find((known) => known.id === id)?.label) || id
}

/** A send that waits for somebody to begin it is ready, not held back. */
export function JobState({ state }: { state: string }) {
  const { t } = useTranslation()
  return <StateBadge state={state} label={state === 'held' ? t('job.held') : undefined} />
}

/** `seen`: its own page is already open. */
export function JobCommands({ job, seen = false }: { job: Job; seen?: boolean }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const command = useJobCommand()
  const mayWrite = useMayWrite()
  const stopReason = useStopReason()
  const run = (name: string) => command.mutate({ id: job.id, command: name }, { onError: (error) => warn(problemText(error)) })
  const press = (name: string) =>
    name === 'cancel'
      ? ask({
          title: t('job.cancel_title'),
          text: t('job.cancel_text'),
          confirm: t('job.cancel'),
          danger: true,
          act: () => run(name),
        })
      : name === 'resume' && job.stopped
        ? ask({ title: t('job.resume_title'), text: stopReason(job.stopped), confirm: t('job.resume'), danger: true, act: () => run(name) })
        : run(name)
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {mayWrite &&
        commandsOf(job).map(({ name, Picture }) => (
          <Tooltip key={name} label={t(`job.${name}`)}>
            <ActionIcon
              variant="light"
              color={name === 'cancel' ? 'red' : 'blue'}
              aria-label={t(`job.${name}`)}
              loading={command.isPending && command.variables.command === name}
              onClick={(event) => {
                event.stopPropagation()
                press(name)
              }}
            >
              <Picture size={16} />
            </ActionIcon>
          </Tooltip>
        ))}
      {mayWrite && job.deletable && <DeleteJob job={job} />}
      {!seen && (
        <Tooltip label={t('action.see')}>
          <ActionIcon component={Link} to={`/jobs/${job.id}`} variant="light" color="gray" aria-label={t('action.see')}>
            <IconEye size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}

/** *Eliminar*: what has not begun goes as if nobody had asked for it. */
function DeleteJob({ job }: { job: Job }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const deletion = useDeleteJob()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const remove = () =>
    deletion.mutate(job.id, {
      onSuccess: () => {
        tell(t('job.deleted'))
        if (pathname === `/jobs/${job.id}`) void navigate(job.campaign ? `/records/campaigns/${job.campaign}` : '/jobs')
      },
      onError: (error) => warn(problemText(error)),
    })
  return (
    <Tooltip label={t('action.delete')}>
      <ActionIcon
        variant="light"
        color="red"
        aria-label={t('action.delete')}
        loading={deletion.isPending}
        onClick={(event) => {
          event.stopPropagation()
          ask({
            title: t('job.delete_title'),
            text: t('job.delete_text'),
            confirm: t('action.delete'),
            danger: true,
            act: remove,
          })
        }}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

/** The columns of «Trabajos programados», in the order of the source documents. */
export function useJobColumns(): Column<Job>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  const jobName = useJobName()
  const instant = (value: string | null) =>
    value && (
      <Text size="sm" w={{ md: 96 }}>
        {format.instant(value)}
      </Text>
    )
  const count = (value: number) => <Text size="sm">{format.integer(value)}</Text>
  return [
    {
      id: 'name',
      title: t('job.name'),
      render: (job) => (
        <Anchor component={Link} to={`/jobs/${job.id}`} size="sm" fw={600} onClick={(event) => event.stopPropagation()}>
          {jobName(job)}
        </Anchor>
      ),
    },
    { id: 'created', title: t('job.created'), render: (job) => instant(job.created_at) },
    { id: 'user', title: t('job.user'), render: (job) => <Text size="sm">{ownerName(job.created_by)}</Text> },
    { id: 'finished', title: t('job.finished'), render: (job) => instant(job.finished_at) },
    { id: 'total', title: t('job.total'), align: 'right', render: (job) => count(job.total) },
    { id: 'pending', title: t('job.pending'), align: 'right', render: (job) => count(job.pending) },
    { id: 'processed', title: t('job.processed'), align: 'right', render: (job) => count(job.processed) },
    { id: 'progress', title: t('job.progress'), width: 130, render: (job) => <JobProgress job={job} /> },
    { id: 'state', title: t('job.state'), render: (job) => <JobState state={job.state} /> },
    // The name leads to its page.
    { id: 'action', title: t('job.action'), align: 'right', render: (job) => <JobCommands job={job} seen /> },
  ]
}
