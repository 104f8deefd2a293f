import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Entity } from '../api/types'
import { RunningExport } from '../exchange/RunningExport'
import { titleOf, useModule } from '../meta'
import { Await } from '../ui/Feedback'
import { Window } from '../ui/Window'

/** Everything that is kept about somebody, as one file: asked for once, then waited for. */
export default function PersonExport({ record, onClose }: { record: Entity; onClose: () => void }) {
  const { t } = useTranslation()
  const name = titleOf(useModule(record.module), record)
  const path = `/v1/records/${record.module}/${record.id}/export`
  const started = useQuery({
    queryKey: ['person-export', record.id],
    queryFn: () => api.post<{ job_id: string }>(path, {}),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  return (
    <Window opened onClose={onClose} title={t('person.export_title', { name })}>
      <Await query={started} lines={2}>
        {({ job_id }) => <RunningExport path={`${path}/${job_id}`} done={() => t('person.export_done')} onClose={onClose} />}
      </Await>
    </Window>
  )
}
