import { Alert, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Use } from '../api/types'

const useUses = (kind: string, id: string) =>
  useQuery({
    queryKey: ['uses', kind, id],
    queryFn: () => api.get<{ items: Use[] }>(`/v1/uses/${kind}/${id}`),
    staleTime: 0,
  })

interface Props {
  kind: string
  id: string
  /** As a warning before a question is answered, or as a plain fact of a page. */
  told?: 'warning' | 'plain'
}

/** Who would miss it: told before the question is answered, not by the refusal after it. */
export function Uses({ kind, id, told = 'warning' }: Props) {
  const { t } = useTranslation()
  const { data } = useUses(kind, id)
  if (!data) return null
  if (data.items.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="xs">
        {t('uses.none')}
      </Text>
    )
  const list = (
    <List size="sm">
      {data.items.map((use) => (
        <List.Item key={`${use.kind}.${use.id}`}>{`${t(`uses.kind.${use.kind}`, { defaultValue: use.kind })}: ${use.name || use.id}`}</List.Item>
      ))}
    </List>
  )
  if (told === 'plain') return list
  return (
    <Alert color="yellow" icon={<IconAlertTriangle />} title={t('uses.some')} mt="sm" c="dark">
      {list}
    </Alert>
  )
}
