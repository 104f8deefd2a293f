import { Paper, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Entity, Page } from '../api/types'
import { AttachedList } from '../documents/AttachedList'
import type { Attached } from '../documents/enclosed'

/** It stayed: what was to go along did not. */
const STAYED = ['skipped', 'failed', 'cancelled']

/** What went along with a message; of one that stayed, what was to. Most have nothing, and say nothing. */
export function Documents({ message }: { message: Entity }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['record', 'messages', message.id, 'documents'],
    queryFn: () => api.get<Page<Attached>>(`/v1/messages/${message.id}/documents`),
  })
  if (!data?.items.length) return null
  const stayed = STAYED.includes(String(message.values.status))
  const title = t(stayed ? 'message.documents_stayed' : 'message.documents')
  return (
    <Paper component="section" aria-label={title}>
      <Title order={2} fz="md" mb="sm">
        {title}
      </Title>
      <AttachedList rows={data.items} label={title} message={stayed ? undefined : message.id} />
    </Paper>
  )
}
