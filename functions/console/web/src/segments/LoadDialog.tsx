import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { Module, Segment } from '../api/types'
import { invalidateSoon } from '../api/queries'
import { useFormat } from '../format'
import { tell } from '../ui/confirm'
import { ProblemAlert } from '../ui/Feedback'
import { FilterChoice, type Chosen } from './FilterChoice'

/** Fill the segment once with what a filter finds, or keep it in step with it from now on. */
export type Way = 'load' | 'autosync'

interface Props {
  way: Way | null
  segment: Segment
  module: Module
  onClose: () => void
}

export function LoadDialog({ way, segment, module, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Modal
      opened={way !== null}
      onClose={onClose}
      title={way && `${t(`segment.${way}`)}: ${format.label(module.label)}`}
      size="xl"
      centered
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {way && <Content way={way} segment={segment} module={module} onClose={onClose} />}
    </Modal>
  )
}

function Content({ way, segment, module, onClose }: Props & { way: Way }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Chosen>(null)
  const start = useMutation({
    mutationFn: () =>
      api.post<{ job_id: string | null }>(`/v1/segments/${segment.id}/${way}`, way === 'load' ? chosen : { on: true, ...chosen }),
    onSuccess: ({ job_id }) => {
      invalidateSoon(client, ['segments'])
      tell(t('segment.filling'))
      if (job_id) void navigate(`/jobs/${job_id}`)
      else onClose()
    },
  })
  return (
    <Stack>
      <Text size="sm">{t(`segment.${way}_hint`)}</Text>
      {start.error && <ProblemAlert error={start.error} />}
      <FilterChoice module={module} onChange={setChosen} />
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
