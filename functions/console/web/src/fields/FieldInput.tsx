import { Checkbox, MultiSelect, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import { DateInput, DateTimePicker, TimeInput } from '@mantine/dates'
import { useTranslation } from 'react-i18next'
import type { Field, Json } from '../api/types'
import { fromWallClock, toWallClock, useFormat, type Format } from '../format'
import { useMeta } from '../meta'
import { RelationInput } from './RelationInput'

export interface FieldInputProps {
  field: Field
  value: Json | undefined
  onChange: (value: Json) => void
  error?: string
  /** Filters show the field's name beside the input: then it is spoken, not drawn. */
  hideLabel?: boolean
  autoFocus?: boolean
}

const text = (value: Json | undefined) => (value === null || value === undefined ? '' : String(value))
const blankIsNull = (value: string | null) => (value === '' || value === null ? null : value)
const INPUT_TYPES: Record<string, string> = { email: 'email', phone: 'tel', url: 'url' }
const NUMBERS = ['integer', 'decimal', 'currency', 'percent']
const CHOICES = ['picklist', 'multipicklist', 'user']

/** The input of a field, by its type alone. A type that is not known here is typed in as text. */
export function FieldInput({ field, value, onChange, error, hideLabel, autoFocus }: FieldInputProps) {
  const format = useFormat()
  const name = format.label(field.label)
  const common = {
    ...(hideLabel ? { 'aria-label': name } : { label: name, required: field.required }),
    name: field.id,
    disabled: field.readonly,
    error,
    'data-autofocus': autoFocus || undefined,
  }
  const textual = {
    ...common,
    value: text(value),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(blankIsNull(currentTarget.value)),
  }

  const kind = { common, field, value, onChange, format }
  if (NUMBERS.includes(field.type)) return <NumberField {...kind} />
  if (field.type.startsWith('date')) return <DateField {...kind} />
  if (CHOICES.includes(field.type)) return <ChoiceField {...kind} />
  switch (field.type) {
    case 'longtext':
      return <Textarea {...textual} autosize minRows={3} maxRows={14} />
    case 'boolean':
      return (
        <Checkbox
          {...common}
          label={hideLabel ? undefined : name}
          mt={hideLabel ? 0 : { base: 4, sm: 28 }}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )
    case 'time':
      return <TimeInput {...textual} />
    case 'relation':
      return <RelationInput {...common} module={field.relation ?? ''} value={blankIsNull(text(value))} onChange={onChange} />
    default:
      return <TextInput {...textual} type={INPUT_TYPES[field.type] ?? 'text'} />
  }
}

interface KindProps {
  common: object
  field: Field
  value: Json | undefined
  onChange: (value: Json) => void
  format: Format
}

function NumberField({ common, field, value, onChange, format }: KindProps) {
  const { currency } = useMeta().settings.company
  const comma = format.language === 'es'
  // «1.200 €», but €1,200.
  const sign = { currency: currency === 'EUR' ? '€' : currency, percent: '%' }[field.type]
  const before = field.type === 'currency' && !comma
  return (
    <NumberInput
      {...common}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      onChange={(next) => onChange(next === '' ? null : Number(next))}
      allowDecimal={field.type !== 'integer'}
      decimalSeparator={comma ? ',' : '.'}
      thousandSeparator={comma ? '.' : ','}
      prefix={before && sign ? sign + (sign.length > 1 ? ' ' : '') : undefined}
      suffix={before || !sign ? undefined : comma ? ` ${sign}` : sign}
      placeholder={sign}
      hideControls={field.type !== 'integer'}
    />
  )
}

function DateField({ common, field, value, onChange, format }: KindProps) {
  const { t } = useTranslation()
  const shared = {
    ...common,
    locale: format.language,
    clearable: true,
    clearButtonProps: { 'aria-label': t('action.clear') },
    popoverProps: { withinPortal: true },
  }
  if (field.type === 'date')
    return (
      <DateInput
        {...shared}
        valueFormat="DD/MM/YYYY"
        placeholder={t('field.date_format')}
        value={blankIsNull(text(value))}
        onChange={onChange}
      />
    )
  return (
    <DateTimePicker
      {...shared}
      valueFormat="DD/MM/YYYY HH:mm"
      value={value ? toWallClock(text(value), format.zone) : null}
      onChange={(next) => onChange(next ? fromWallClock(next, format.zone) : null)}
    />
  )
}

function ChoiceField({ common, field, value, onChange, format }: KindProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const people = [...meta.users, ...meta.groups].map(({ id, name }) => ({ value: id, label: name }))
  const options = (field.options ?? []).map(({ value: stored, label }) => ({ value: stored, label: format.label(label) || stored }))
  const data = field.type === 'user' ? people : options
  const shared = { ...common, clearable: true, clearButtonProps: { 'aria-label': t('action.clear') } }
  if (field.type !== 'multipicklist')
    return (
      <Select
        {...shared}
        data={data}
        searchable={data.length > 7}
        nothingFoundMessage={t('list.nothing_found')}
        value={blankIsNull(text(value))}
        onChange={onChange}
      />
    )
  const many = Array.isArray(value) ? value.map(String) : []
  return data.length > 0 ? (
    <MultiSelect {...shared} data={data} value={many} onChange={onChange} />
  ) : (
    <TagsInput {...shared} value={many} onChange={onChange} />
  )
}
