import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { Module, Segment } from '../api/types'
import { invalidateSoon } from '../api/queries'
import { useFormat } from '../format'
import { Window } from '../ui/Window'
import { tell } from '../ui/confirm'
import { ProblemAlert } from '../ui/Feedback'
import { FilterChoice, type Chosen } from './FilterChoice'

interface Props {
  segment: Segment
  module: Module
  onClose: () => void
}

/** Fill the segment once with what a filter finds or, with AutoSync ticked, keep it in step with it from now on. */
export function LoadDialog({ opened, ...props }: Props & { opened: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Window opened={opened} onClose={props.onClose} title={`${t('segment.load')}: ${format.label(props.module.label)}`} size="xl">
      {opened && <Content {...props} />}
    </Window>
  )
}

function Content({ segment, module, onClose }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Chosen>(null)
  const [synced, setSynced] = useState(false)
  const way = synced ? 'autosync' : 'load'
  const start = useMutation({
    mutationFn: () =>
      api.post<{ job_id: string | null }>(`/v1/segments/${segment.id}/${way}`, synced ? { on: true, ...chosen } : chosen),
    onSuccess: ({ job_id }) => {
      invalidateSoon(client, ['segments'])
      void client.invalidateQueries({ queryKey: ['jobs'] })
      tell(t('segment.filling'))
      // Of an AutoSync the segment's own page shows how far it is.
      if (job_id && !synced) void navigate(`/jobs/${job_id}`)
      else onClose()
    },
  })
  return (
    <Stack>
      {start.error && <ProblemAlert error={start.error} />}
      <FilterChoice module={module} onChange={setChosen} />
      <Checkbox
        label={t('segment.autosync')}
        description={t(`segment.${way}_hint`)}
        checked={synced}
        onChange={({ currentTarget }) => setSynced(currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button disabled={chosen === null} loading={start.isPending} onClick={() => start.mutate()}>
          {t(`segment.${way}_start`)}
        </Button>
      </Group>
    </Stack>
  )
}
