import { Checkbox, Loader, ScrollArea, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Module } from '../api/types'
import { useRecords } from '../api/queries'
import { useFormat } from '../format'
import { titleOf } from '../meta'

interface Props {
  module: Module
  chosen: string[]
  onChange: (ids: string[]) => void
}

/** Search and tick several: what is ticked stays so while one searches for others. */
export function RecordPicker({ module, chosen, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 250)
  const found = useRecords(module.id, { search, limit: 50 })
  const items = found.data?.items ?? []
  const tick = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((each) => each !== id))
  return (
    <Stack gap="xs">
      <TextInput
        data-autofocus
        aria-label={t('action.search')}
        placeholder={t('field.search_record')}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={found.isFetching ? <Loader size={16} /> : null}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': format.label(module.label) }}>
        <Stack gap={8} py={4}>
          {items.map((record) => (
            <Checkbox
              key={record.id}
              label={titleOf(module, record)}
              description={record.number}
              checked={chosen.includes(record.id)}
              onChange={({ currentTarget }) => tick(record.id, currentTarget.checked)}
            />
          ))}
          {items.length === 0 && !found.isFetching && (
            <Text size="sm" c="dimmed">
              {t('list.nothing_found')}
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
      <Text size="sm" c="dimmed" aria-live="polite">
        {t('picker.chosen', { count: chosen.length })}
      </Text>
    </Stack>
  )
}
