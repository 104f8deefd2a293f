import { List, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json, Values } from '../api/types'
import { useFormat } from '../format'

/** What a job can tell of what came of it, in this order. */
const COUNTS = ['new', 'changed', 'unchanged', 'refused', 'failed', 'records', 'entries', 'kept_out'] as const
const INSTANTS = ['undo_until', 'download_until'] as const

const isProblem = (each: Json): each is { number?: string; message: string } =>
  each !== null && typeof each === 'object' && !Array.isArray(each) && typeof each.message === 'string'

/** In words; of what could not be done, each with its reason. */
export function Outcome({ outcome }: { outcome: Values }) {
  const { t } = useTranslation()
  const format = useFormat()
  const counted = COUNTS.filter((name) => typeof outcome[name] === 'number' && (outcome[name] as number) > 0)
  const dated = INSTANTS.filter((name) => typeof outcome[name] === 'string')
  const problems = Array.isArray(outcome.errors) ? outcome.errors.filter(isProblem) : []
  if (counted.length + dated.length + problems.length === 0) return null
  return (
    <Stack gap={4} mt="sm">
      <Text size="xs" c="dimmed">
        {t('property.outcome')}
      </Text>
      {counted.length > 0 && (
        <Text size="sm">{counted.map((name) => `${t(`outcome.${name}`)}: ${format.integer(outcome[name] as number)}`).join(' · ')}</Text>
      )}
      {dated.map((name) => (
        <Text key={name} size="sm">
          {t(`outcome.${name}`, { at: format.instant(String(outcome[name])) })}
        </Text>
      ))}
      {problems.length > 0 && (
        <List size="sm">
          {problems.map(({ number, message }, index) => (
            <List.Item key={index}>{[number, message].filter(Boolean).join(': ')}</List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
