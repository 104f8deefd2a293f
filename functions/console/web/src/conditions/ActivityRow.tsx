import { Button, Menu, Select, SimpleGrid, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Activity, ActivityKey, Condition, Json, Module } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { ActivityDetail } from './ActivityDetail'
import { TimesInput } from './TimesInput'

interface Props {
  module: Module
  leaf: Activity
  path: string
  onChange: (leaf: Condition) => void
}

/** What a detail holds before anybody has said anything. */
const blankOf = ({ input }: ActivityKey): Json =>
  input === 'condition' ? { all: [] } : input === 'url' ? { op: 'contains', value: null } : null

/** What happened, how often, and whatever narrows it down: when, in which campaign, which URL, of which message. */
export function ActivityRow({ module, leaf, path, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { conditions } = useMeta()
  const activityError = useErrorAt(`${path}.activity`)
  const keysOf = (kind: string) => [...conditions.windows, ...(conditions.activities.find(({ id }) => id === kind)?.keys ?? [])]
  const keys = keysOf(leaf.activity)
  const used = keys.filter(({ id }) => leaf[id] !== undefined)
  const unused = keys.filter(({ id }) => leaf[id] === undefined)
  const choose = (kind: string) => {
    const kept = new Set(['times', ...keysOf(kind).map(({ id }) => id)])
    onChange({ ...Object.fromEntries(Object.entries(leaf).filter(([key]) => kept.has(key))), activity: kind } as Activity)
  }
  const write = (key: string, value: Json | undefined) => {
    const { [key]: _before, ...others } = leaf
    onChange({ ...others, ...(value !== undefined && { [key]: value }) } as Activity)
  }
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing={6}>
        <Select
          aria-label={t('condition.activity')}
          allowDeselect={false}
          data={conditions.activities.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={leaf.activity}
          error={activityError}
          onChange={(kind) => kind && choose(kind)}
        />
        <TimesInput times={leaf.times ?? { at_least: 1 }} path={path} onTimes={(times) => onChange({ ...leaf, times })} />
      </SimpleGrid>
      {used.map((key) => (
        <ActivityDetail
          key={key.id}
          module={module}
          detail={key}
          value={leaf[key.id] as Json}
          path={`${path}.${key.id}`}
          onChange={(value) => write(key.id, value)}
          onRemove={() => write(key.id, undefined)}
        />
      ))}
      {unused.length > 0 && (
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<IconPlus size={12} />}
              style={{ alignSelf: 'flex-start' }}
            >
              {t('condition.add_detail')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {unused.map((key) => (
              <Menu.Item key={key.id} onClick={() => write(key.id, blankOf(key))}>
                {format.label(key.label)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Stack>
  )
}
