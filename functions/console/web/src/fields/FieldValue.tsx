import { Anchor, Badge, Group, Text } from '@mantine/core'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Field, Json } from '../api/types'
import { useFormat, type Format } from '../format'
import { shown, useOwnerName } from '../meta'

interface Props {
  field: Field
  value: Json | undefined
  /** The name of the record that a relation points to. */
  title?: string
  /** In a table a text takes one line, and what is not there takes no word. */
  compact?: boolean
}

const NUMBERS = new Set(['integer', 'decimal', 'currency', 'percent'])
/** In one line with the words of the other columns. */
const MIDDLE = { verticalAlign: 'middle' }
/** A word without an end keeps to its own column. */
const BROKEN = { overflowWrap: 'anywhere' } as const
const stop = (event: { stopPropagation: () => void }) => event.stopPropagation()
const safe = (url: string) => /^https?:\/\//i.test(url)

function optionLabel(field: Field, value: Json, format: Format): string {
  const option = field.options?.find((candidate) => candidate.value === value)
  return format.label(option?.label) || String(value)
}

/** The value of a field as text, in the language and format of the reader; numbers with their unit. */
export function plainValue(field: Field, value: Json | undefined, format: Format): string {
  if (!shown(value)) return ''
  if (typeof value === 'number' || (typeof value === 'string' && NUMBERS.has(field.type))) {
    const number = Number(value)
    if (field.type === 'currency') return format.money(number)
    return (field.type === 'integer' ? format.integer(number) : format.decimal(number)) + (field.type === 'percent' ? format.percentSign : '')
  }
  if (field.type === 'date') return format.date(String(value))
  if (field.type === 'datetime') return format.instant(String(value))
  if (Array.isArray(value)) return value.map((item) => optionLabel(field, item, format)).join(', ')
  if (field.type === 'picklist') return optionLabel(field, value, format)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Full years since a day, today where the reader is. */
function yearsSince(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const now = new Date()
  const passed = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= date)
  return now.getFullYear() - year - (passed ? 0 : 1)
}

export function FieldValue({ field, value, title, compact }: Props) {
  const format = useFormat()
  const ownerName = useOwnerName()
  const { t } = useTranslation()
  if (field.type === 'boolean' && !compact) return <Text size="sm">{t(value === true ? 'value.yes' : 'value.no')}</Text>
  if (field.type === 'boolean') {
    if (value === true) return <IconCheck size={18} style={MIDDLE} color="var(--mantine-color-teal-8)" role="img" aria-label={t('value.yes')} />
    return <IconMinus size={18} style={MIDDLE} color="var(--mantine-color-gray-6)" role="img" aria-label={t('value.no')} />
  }
  if (!shown(value)) return compact ? null : <Text size="sm" c="dimmed">—</Text>
  const plain = plainValue(field, value, format)
  switch (field.type) {
    case 'relation':
      return (
        <Anchor component={Link} to={`/records/${field.relation}/${plain}`} size="sm" onClick={stop} title={compact ? title : undefined} style={BROKEN}>
          {title ?? plain}
        </Anchor>
      )
    case 'date':
      return (
        <Text size="sm">
          {field.anniversary && !compact ? t('value.with_age', { date: plain, count: yearsSince(String(value)) }) : plain}
        </Text>
      )
    case 'user':
      return <Text size="sm">{ownerName(plain)}</Text>
    case 'email':
      return (
        <Anchor href={`mailto:${plain}`} size="sm" onClick={stop} title={compact ? plain : undefined} style={BROKEN}>
          {plain}
        </Anchor>
      )
    case 'phone':
      return <Anchor href={`tel:${plain.replaceAll(' ', '')}`} size="sm" onClick={stop}>{plain}</Anchor>
    case 'url':
      return safe(plain) ? (
        <Anchor
          href={plain}
          target="_blank"
          rel="noreferrer noopener"
          size="sm"
          onClick={stop}
          truncate={compact ? 'end' : undefined}
          display={compact ? 'block' : undefined}
          style={BROKEN}
        >
          {plain}
        </Anchor>
      ) : (
        <Text size="sm">{plain}</Text>
      )
    case 'multipicklist':
      return (
        <Group gap={4}>
          {(Array.isArray(value) ? value : [value]).map((item) => (
            <Badge key={String(item)} color="gray" c="gray.9">
              {optionLabel(field, item, format)}
            </Badge>
          ))}
        </Group>
      )
    case 'longtext':
      return (
        <Text
          size="sm"
          truncate={compact ? 'end' : undefined}
          style={{ whiteSpace: compact ? undefined : 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {plain}
        </Text>
      )
    default:
      return compact ? (
        <Text size="sm" truncate title={plain}>
          {plain}
        </Text>
      ) : (
        <Text size="sm" style={BROKEN}>
          {plain}
        </Text>
      )
  }
}
