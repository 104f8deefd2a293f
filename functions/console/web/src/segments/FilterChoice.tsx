import { SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Condition, Module } from '../api/types'
import { CountedCondition } from '../conditions/CountedCondition'
import { useBlankLeaf } from '../conditions/scope'
import { useSentence } from '../conditions/sentence'
import { complete } from '../conditions/tree'
import { useFilterName, useFilters } from '../filters/saved'
import { useFormat } from '../format'
import { useMeta } from '../meta'

/** What the API takes: a saved filter, or a condition on a module; null while nothing is chosen. */
export type Chosen = { filter_id: string } | { module: string; condition: Condition } | null

/** A saved filter or a condition made here, with how many it finds now. */
export function FilterChoice({ module, onChange }: { module: Module; onChange: (chosen: Chosen) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { operators } = useMeta()
  const sentence = useSentence()
  const nameOf = useFilterName()
  const blank = useBlankLeaf(module, false)
  const saved = useFilters(module.id).data?.items ?? []
  const [way, setWay] = useState('saved')
  const [filter, setFilter] = useState<string | null>(null)
  const [condition, setCondition] = useState<Condition | null>({ all: [blank] })
  const own = complete(condition, operators)
  const chosenFilter = saved.find(({ id }) => id === filter)
  const counted = useQuery({
    queryKey: ['filters', 'count', filter],
    queryFn: () => api.post<{ count: number; exact: boolean }>('/v1/filters/count', { filter_id: filter }),
    enabled: filter !== null,
  }).data
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('segment.how')}
        value={way}
        onChange={(next) => {
          setWay(next)
          onChange(next === 'saved' ? (filter ? { filter_id: filter } : null) : own && { module: module.id, condition: own })
        }}
        data={['saved', 'own'].map((value) => ({ value, label: t(`segment.filter_${value}`) }))}
      />
      {way === 'saved' ? (
        <Select
          aria-label={t('segment.filter_saved')}
          placeholder={t('segment.filter_saved')}
          searchable
          nothingFoundMessage={t('list.nothing_found')}
          data={saved.map((each) => ({ value: each.id, label: nameOf(each) }))}
          value={filter}
          onChange={(id) => {
            setFilter(id)
            onChange(id ? { filter_id: id } : null)
          }}
        />
      ) : (
        <CountedCondition
          module={module}
          value={condition}
          onChange={(next) => {
            setCondition(next)
            const whole = complete(next, operators)
            onChange(whole && { module: module.id, condition: whole })
          }}
        />
      )}
      {way === 'saved' && chosenFilter && (
        <Text size="sm" c="dimmed">
          {sentence(chosenFilter.condition, module.id)}
        </Text>
      )}
      {way === 'saved' && (
        <Text size="sm" fw={600} aria-live="polite">
          {counted && filter ? t('segment.matches', { count: counted.count, number: format.integer(counted.count) }) : ' '}
        </Text>
      )}
    </Stack>
  )
}
