import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import { invalidateSoon, useDefinitions } from '../api/queries'
import type { Condition, Module, Segment } from '../api/types'
import { FormDialog } from '../editing/FormDialog'
import { SelectField } from '../editing/inputs'
import { tell } from '../ui/confirm'

/** Records by their ids, or all that a condition finds. */
export type Members = { ids: string[] } | { condition: Condition }

interface Props {
  module: Module
  members: Members
  onDone: () => void
  onClose: () => void
}

/** Puts what is ticked in a list into a segment; what a condition finds goes in by a job. */
export function AddToSegment({ module, members, onDone, onClose }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [segment, setSegment] = useState<string | null>(null)
  const segments = useDefinitions<Segment>('segments', { status: 'Activo' }).data?.items ?? []
  const add = useMutation({
    mutationFn: () =>
      'ids' in members
        ? api.post<null>(`/v1/segments/${segment}/members`, { items: members.ids.map((id) => ({ module: module.id, id })) })
        : api.post<{ job_id: string | null }>(`/v1/segments/${segment}/load`, { module: module.id, ...members }),
    onSuccess: (answer) => {
      invalidateSoon(client, ['segments'])
      void client.invalidateQueries({ queryKey: ['jobs'] })
      tell(t('ids' in members ? 'segment.added' : 'segment.filling'))
      onDone()
      if (answer && 'job_id' in answer && answer.job_id) void navigate(`/jobs/${answer.job_id}`)
    },
  })
  return (
    <FormDialog
      title={t('many.add_to_segment')}
      save={add}
      submit={() => add.mutate()}
      onClose={onClose}
      confirm={t('action.add')}
      ready={segment !== null}
    >
      <SelectField
        path="segment"
        label={t('nav.segments')}
        required
        data={segments.map(({ id, name, number }) => ({ value: id, label: number ? `${name} (${number})` : name }))}
        value={segment}
        onChange={setSegment}
      />
    </FormDialog>
  )
}
