import { Alert, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Use } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'

interface Used {
  items: Use[]
  /** Of users and groups: how many records of each module are theirs. */
  owned?: { records: { module: string; count: number }[]; as_of: string; exact: boolean }
}

export const useUses = (kind: string, id: string) =>
  useQuery({
    queryKey: ['uses', kind, id],
    queryFn: () => api.get<Used>(`/v1/uses/${kind}/${id}`),
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
  const format = useFormat()
  const { modules } = useMeta()
  const { data } = useUses(kind, id)
  if (!data) return null
  const owned = data.owned?.records ?? []
  if (data.items.length + owned.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="xs">
        {t('uses.none')}
      </Text>
    )
  const list = (
    <List size="sm">
      {owned.map(({ module, count }) => (
        <List.Item key={module}>
          {`${format.label(modules.find(({ id }) => id === module)?.label)}: ${format.integer(count)}`}
        </List.Item>
      ))}
      {data.items.map((use) => (
        <List.Item key={`${use.kind}.${use.id}`}>
          {[t(`uses.kind.${use.kind}`, { defaultValue: use.kind }), use.name || (use.kind !== 'settings' && use.id)].filter(Boolean).join(': ')}
        </List.Item>
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
