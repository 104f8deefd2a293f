import { Anchor, Button, Group, Paper, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowsJoin, IconPencil, IconTrash, IconUsersPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Entity, Module } from '../api/types'
import { useFormat } from '../format'
import { RECIPIENTS } from '../meta'
import { AddToSegment, type Members } from '../segments/AddToSegment'
import { ask, tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import { doneAtOnce, useMany, type Chosen, type ManyJob } from './many'
import { MassEditDialog } from './MassEditDialog'

const MOST_MERGED = 11

interface Props {
  module: Module
  selected: Entity[]
  /** All that the list finds, where that is more than what is ticked. */
  all: { count: number; chosen: Chosen } | null
  onDone: () => void
}

/** What can be done with the records that are ticked in a list; all of it can be undone for thirty days. */
export function ManyBar({ module, selected, all, onDone }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const [everything, setEverything] = useState(false)
  const [editing, setEditing] = useState(false)
  const [adding, setAdding] = useState(false)
  const { remove } = useMany(module.id)
  const report = useReport(module)
  const chosen: Chosen = everything && all ? all.chosen : { ids: selected.map(({ id }) => id) }
  const count = everything && all ? all.count : selected.length
  const members = RECIPIENTS.includes(module.id) ? membersOf(chosen) : null
  const finish = (job: ManyJob, text: string) => {
    report(job, text)
    onDone()
  }
  const merge = () => {
    const [kept, ...others] = selected.map(({ id }) => id)
    void navigate(`/records/${module.id}/${kept}/merge?with=${others.join(',')}`)
  }
  return (
    // In sight while somebody ticks further down: on a phone the list is longer than the screen.
    <Paper
      p="xs"
      mb="sm"
      role="region"
      aria-label={t('many.title')}
      pos="sticky"
      top="calc(var(--app-shell-header-height, 0px) + 4px)"
      style={{ zIndex: 2 }}
    >
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {t('many.selected', { count, number: format.integer(count) })}
        </Text>
        {all && !everything && all.count > selected.length && (
          <Anchor component="button" size="sm" onClick={() => setEverything(true)}>
            {t('many.all', { number: format.integer(all.count) })}
          </Anchor>
        )}
        <Group gap="xs" ml="auto">
          {module.capabilities.edit && (
            <Button size="xs" variant="default" leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
              {t('many.edit')}
            </Button>
          )}
          {members && (
            <Button size="xs" variant="default" leftSection={<IconUsersPlus size={14} />} onClick={() => setAdding(true)}>
              {t('many.add_to_segment')}
            </Button>
          )}
          {!everything && selected.length > 1 && selected.length <= MOST_MERGED && module.capabilities.delete && (
            <Button size="xs" variant="default" leftSection={<IconArrowsJoin size={14} />} onClick={merge}>
              {t('many.merge')}
            </Button>
          )}
          {module.capabilities.delete && (
            <Button
              size="xs"
              variant="default"
              c="red.9"
              leftSection={<IconTrash size={14} />}
              loading={remove.isPending}
              onClick={() =>
                ask({
                  title: t('many.delete_title', { number: format.integer(count) }),
                  text: t('many.delete_text'),
                  confirm: t('action.delete'),
                  danger: true,
                  act: () =>
                    remove.mutate(chosen, {
                      onSuccess: (job) => finish(job, t('many.deleted', { number: format.integer(changed(job)) })),
                      onError: (error) => warn(problemText(error)),
                    }),
                })
              }
            >
              {t('action.delete')}
            </Button>
          )}
        </Group>
      </Group>
      {adding && members && (
        <AddToSegment module={module} members={members} onDone={onDone} onClose={() => setAdding(false)} />
      )}
      <MassEditDialog
        module={module}
        opened={editing}
        count={count}
        chosen={chosen}
        onClose={() => setEditing(false)}
        onDone={(job) => finish(job, t('many.edited', { number: format.integer(changed(job)) }))}
      />
    </Paper>
  )
}

/** What of it a segment can take in: not the whole module, nor what a search finds. */
function membersOf(chosen: Chosen): Members | null {
  if ('ids' in chosen) return chosen
  return 'condition' in chosen && chosen.condition && !chosen.search ? { condition: chosen.condition } : null
}

const changed = (job: ManyJob) => Number(job.outcome?.changed ?? 0)

/** Says what came of it, with the way back; what goes on in the background is followed on its own page. */
export function useReport(module: Module) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const format = useFormat()
  const { undo } = useMany(module.id)
  // A promise: what is ticked has gone with its bar by the time that somebody asks for it back.
  const back = (job: ManyJob) =>
    undo
      .mutateAsync(job.id)
      .then((undone) =>
        undone.failed > 0 ? navigate(`/jobs/${undone.id}`) : tell(t('many.undone', { number: format.integer(changed(undone)) })),
      )
      .catch((error: unknown) => warn(problemText(error)))
  return (job: ManyJob, text: string) => {
    if (!doneAtOnce(job)) return void navigate(`/jobs/${job.id}`)
    const id = notifications.show({
      color: job.failed > 0 ? 'yellow' : 'teal',
      withBorder: true,
      autoClose: 20_000,
      message: (
        <Group justify="space-between" gap="sm">
          <Text size="sm">
            {text}
            {job.failed > 0 && (
              <>
                {' '}
                <Anchor component={Link} to={`/jobs/${job.id}`} size="sm">
                  {t('many.failed', { number: format.integer(job.failed) })}
                </Anchor>
              </>
            )}
          </Text>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id)
              void back(job)
            }}
          >
            {t('many.undo')}
          </Button>
        </Group>
      ),
    })
  }
}
