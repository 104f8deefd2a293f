import { Anchor, Group, Loader, Stack, Text } from '@mantine/core'
import { use } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Condition, Module } from '../api/types'
import { Errors } from '../editing/errors'
import { useFormat } from '../format'
import { titleOf, useMeta } from '../meta'
import { ProblemAlert } from '../ui/Feedback'
import { ConditionEditor } from './ConditionEditor'
import { useLiveCount, type LiveCount } from './count'
import { sift } from './tree'

interface Props {
  module: Module
  value: Condition | null
  onChange: (condition: Condition | null) => void
}

/** A condition as it is written, with how many meet it now and who, and what cannot be asked at the very row. */
export function CountedCondition({ module, value, onChange }: Props) {
  const live = useLiveCount(module, value)
  const others = use(Errors)
  const { t } = useTranslation()
  const { unfinished } = sift(value, useMeta().operators)
  return (
    <Stack gap="sm">
      <Errors value={[...others, ...live.errors]}>
        <ConditionEditor module={module} value={value} onChange={onChange} path="condition" />
      </Errors>
      <Matches module={module} live={live} />
      {unfinished > 0 && (
        <Text size="xs" c="dimmed">
          {t('condition.unfinished', { count: unfinished })}
        </Text>
      )}
    </Stack>
  )
}

export function Matches({ module, live: { counted, waiting, problem, errors } }: { module: Module; live: LiveCount }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { count = 0, sample = [], exact } = counted ?? {}
  if (problem && errors.length === 0) return <ProblemAlert error={problem} />
  return (
    <Stack gap={2}>
      <Group gap="xs" mih={24}>
        <Text size="sm" fw={600} aria-live="polite" data-count c={waiting ? 'dimmed' : undefined}>
          {counted && !problem
            ? t('segment.matches', { count, number: format.integer(count) })
            : problem
              ? t('condition.not_counted')
              : ' '}
        </Text>
        {waiting && <Loader size={14} role="status" aria-label={t('state.loading')} />}
        {counted && !waiting && !exact && (
          <Text size="xs" c="dimmed">
            {t('list.lagging')}
          </Text>
        )}
      </Group>
      {counted && sample.length > 0 && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('condition.sample')}{' '}
          {sample.map((record, index) => (
            <span key={record.id}>
              {index > 0 && ', '}
              <Anchor component={Link} to={`/records/${module.id}/${record.id}`} size="xs" target="_blank" underline="always">
                {titleOf(module, record)}
              </Anchor>
            </span>
          ))}
          {count > sample.length && '…'}
        </Text>
      )}
    </Stack>
  )
}
