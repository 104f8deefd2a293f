import { MultiSelect, NumberInput, Select, TextInput } from '@mantine/core'
import { TimeInput } from '@mantine/dates'
import { useTranslation } from 'react-i18next'
import type { Field, Json } from '../api/types'
import { useDefinitions } from '../api/queries'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { useErrorAt } from './errors'

interface Common<T> {
  /** Where the value stands in the draft: the API names it so when it refuses it. */
  path: string
  value: Json | undefined
  onChange: (value: T) => void
  /** The property whose word is the label; the end of the path unless said otherwise. */
  name?: string
  label?: string
  description?: string
  required?: boolean
}

/** What every input of a draft has: its name, its word, and what the API said about it. */
function useCommon<T>({ path, name, label, description, required }: Common<T>) {
  const { t } = useTranslation()
  const error = useErrorAt(path)
  const property = name ?? path.split('.').at(-1) ?? path
  return { name: path, label: label ?? t(`property.${property}`), description, required, error }
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : '')

interface Textual extends Common<string> {
  placeholder?: string
  type?: string
  /** Where the cursor is when its window opens. */
  autoFocus?: boolean
  disabled?: boolean
}

export function TextField({ placeholder, type, autoFocus, disabled, ...input }: Textual) {
  return (
    <TextInput
      {...useCommon(input)}
      data-autofocus={autoFocus || undefined}
      disabled={disabled}
      type={type}
      placeholder={placeholder}
      value={text(input.value)}
      onChange={({ currentTarget }) => input.onChange(currentTarget.value)}
    />
  )
}

export function WholeNumber({ min, max, ...input }: Common<number> & { min?: number; max?: number }) {
  return (
    <NumberInput
      {...useCommon(input)}
      allowDecimal={false}
      min={min}
      max={max}
      value={typeof input.value === 'number' ? input.value : 0}
      onChange={(next) => input.onChange(Number(next) || 0)}
    />
  )
}

/** A whole number that may be left to its default: empty is no number, and not none. */
export function MaybeNumber({ min, max, ...input }: Common<number | null> & { min?: number; max?: number }) {
  return (
    <NumberInput
      {...useCommon(input)}
      allowDecimal={false}
      min={min}
      max={max}
      value={typeof input.value === 'number' ? input.value : ''}
      onChange={(next) => input.onChange(next === '' ? null : Number(next))}
    />
  )
}

interface Option {
  value: string
  label: string
}

interface Chosen extends Common<string | null> {
  data: Option[]
  clearable?: boolean
  disabled?: boolean
}

/** One of a few. Without `clearable`, one is always chosen. */
export function SelectField({ data, clearable, disabled, ...input }: Chosen) {
  const { t } = useTranslation()
  return (
    <Select
      {...useCommon(input)}
      data={data}
      disabled={disabled}
      clearable={clearable}
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      allowDeselect={clearable === true}
      searchable={data.length > 7}
      nothingFoundMessage={t('list.nothing_found')}
      value={text(input.value) || null}
      onChange={input.onChange}
    />
  )
}

/** One of the values of a choice that the back end names, in words. */
export function ChoiceField({
  choice,
  words,
  clearable,
  ...input
}: Common<string | null> & { choice: string; words: string; clearable?: boolean }) {
  const { t } = useTranslation()
  const values = useMeta().choices[choice] ?? []
  const data = values.map((value) => ({ value, label: t(`${words}.${value}`, { defaultValue: value }) }))
  return <SelectField {...input} clearable={clearable} data={data} />
}

export function OwnerField(input: Common<string | null>) {
  const { users, groups } = useMeta()
  return <SelectField {...input} data={[...users, ...groups].map(({ id, name }) => ({ value: id, label: name }))} />
}

/** What can be chosen: of segments those that are active, and what is chosen already. */
function useDefinitionOptions(noun: string, chosen: string[]): Option[] {
  const items = useDefinitions(noun).data?.items ?? []
  const offered = items.filter(({ id, status }) => noun !== 'segments' || status !== 'Inactivo' || chosen.includes(id))
  return offered.map(({ id, name, reference }) => ({ value: id, label: String(name ?? reference ?? id) }))
}

/** A definition of one noun by its name. */
export function DefinitionField({ noun, ...input }: Common<string | null> & { noun: string; clearable?: boolean }) {
  return <SelectField {...input} data={useDefinitionOptions(noun, input.value ? [String(input.value)] : [])} />
}

export function DefinitionsField({ noun, ...input }: Common<string[]> & { noun: string }) {
  const { t } = useTranslation()
  return (
    <MultiSelect
      {...useCommon(input)}
      data={useDefinitionOptions(noun, Array.isArray(input.value) ? input.value.map(String) : [])}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      nothingFoundMessage={t('list.nothing_found')}
      value={Array.isArray(input.value) ? input.value.map(String) : []}
      onChange={input.onChange}
    />
  )
}

export function DayField(input: Common<Json>) {
  const { name, label, error, required } = useCommon(input)
  const { language } = useFormat()
  const field: Field = { id: name, label: { [language]: label }, type: 'date', required }
  return <FieldInput field={field} value={input.value} error={error} onChange={input.onChange} />
}

export function TimeField(input: Common<string | null>) {
  return (
    <TimeInput
      {...useCommon(input)}
      value={text(input.value)}
      onChange={({ currentTarget }) => input.onChange(currentTarget.value || null)}
    />
  )
}
