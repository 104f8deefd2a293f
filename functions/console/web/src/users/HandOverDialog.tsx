import { Anchor, List, Text } from '@mantine/core'
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Condition, Definition, Job, Page } from '../api/types'
import { FormDialog } from '../editing/FormDialog'
import { SelectField } from '../editing/inputs'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { tell } from '../ui/confirm'
import { useUses } from '../ui/Uses'
import type { User } from './queries'

/** Who has something: a user or a group. */
export interface Owner {
  kind: 'users' | 'groups'
  id: string
  name: string
}

/** What is kept under Definitions and has an owner. */
export const OWNED = ['segments', 'forms']

const ownedBy = (owner: string): Condition => ({ all: [{ field: 'owner', op: 'is', value: owner }] })

interface Holding {
  noun: string
  label: string
  count: number
  /** Gives all of it to somebody else. */
  give: (owner: string) => Promise<unknown>
}

/** Everything that is assigned to somebody, counted; nothing is left out that the lists would show. */
function useHoldings(from: Owner): Holding[] | undefined {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  const condition = ownedBy(from.id)
  const owned = useUses(from.kind, from.id).data?.owned
  const definitions = useQueries({
    queries: OWNED.map((noun) => ({ queryKey: [noun, 'list', {}], queryFn: () => api.get<Page<Definition>>(`/v1/${noun}`) })),
  })
  if (owned === undefined || definitions.some(({ data }) => data === undefined)) return undefined
  const records = owned.records.map(({ module, count }) => ({
    noun: module,
    label: format.label(modules.find(({ id }) => id === module)?.label),
    count,
    give: (owner: string) => api.post<Job>(`/v1/records/${module}/mass-edit`, { condition, owner }),
  }))
  const kept = OWNED.map((noun, index) => {
    const own = (definitions[index]?.data?.items ?? []).filter(({ owner }) => owner === from.id)
    const give = (owner: string) =>
      Promise.all(own.map(({ id, version }) => api.patch(`/v1/${noun}/${id}`, { owner }, Number(version) || undefined)))
    return { noun, label: t(`nav.${noun}`), count: own.length, give }
  })
  return [...records, ...kept].filter(({ count }) => count > 0)
}

/** What somebody is responsible for goes to somebody else: records by module, lists and forms. */
export function HandOverDialog({ from, onClose }: { from: Owner; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const { groups, users } = useMeta()
  const active = useQuery({ queryKey: ['users', 'list'], queryFn: () => api.get<Page<User>>('/v1/users') }).data?.items
  const disabled = new Set(active?.filter((each) => each.disabled).map(({ id }) => id))
  const [owner, setOwner] = useState<string | null>(null)
  const holdings = useHoldings(from)
  const hand = useMutation({
    // One after the other: what is refused stops the rest, and the same can be asked for again.
    mutationFn: async () => {
      for (const holding of holdings ?? []) await holding.give(owner ?? '')
    },
    onSuccess: () => {
      void client.invalidateQueries()
      tell(t('user.handed_over'))
      onClose()
    },
  })
  const others = [...users.filter(({ id }) => !disabled.has(id)), ...groups].filter(({ id }) => id !== from.id)
  return (
    <FormDialog
      title={t('user.hand_over_title', { name: from.name })}
      save={hand}
      submit={() => owner && hand.mutate()}
      onClose={onClose}
      confirm={t('user.hand_over')}
      ready={owner !== null && (holdings?.length ?? 0) > 0}
    >
      {holdings === undefined ? (
        <Text size="sm">{t('state.loading')}</Text>
      ) : holdings.length === 0 ? (
        <Text size="sm">{t('user.holds_nothing')}</Text>
      ) : (
        <List size="sm">
          {holdings.map(({ noun, label, count }) => (
            <List.Item key={noun}>{`${label}: ${format.integer(count)}`}</List.Item>
          ))}
        </List>
      )}
      <SelectField
        path="owner"
        label={t('user.hand_over_to')}
        required
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={owner}
        onChange={setOwner}
      />
      <Text size="sm" c="dimmed">
        {t('user.hand_over_hint')}{' '}
        <Anchor component={Link} to="/jobs" size="sm" underline="always">
          {t('nav.jobs')}
        </Anchor>
      </Text>
    </FormDialog>
  )
}
