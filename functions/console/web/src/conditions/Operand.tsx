import { Group, NumberInput, Pill, Select, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Field, Json } from '../api/types'
import { useRecord } from '../api/queries'
import { FieldInput } from '../fields/FieldInput'
import { RelationInput } from '../fields/RelationInput'
import { useFormat } from '../format'
import { titleOf, useMeta, useModule } from '../meta'
import { NUMBERS, operandField } from './operand'

interface Props {
  field: Field
  op: string
  value: Json | undefined
  error?: string
  onChange: (value: Json) => void
}

/** What an operator compares with: nothing, one value, two, several, a day of the year, a name of a period. */
export function Operand({ field, op, value, error, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const operator = meta.operators[op]
  const operands = operator?.operands ?? 1
  const name = t('filter.value')
  const people = [...meta.users, ...meta.groups].map(({ id, name: each }) => ({ value: id, label: { es: each, en: each } }))
  const valueField: Field = { ...operandField(field, operator, people), readonly: false, label: { [format.language]: name } }
  const shared = { field: valueField, hideLabel: true, error }
  if (operands === 0) return null
  if (operands === 2) {
    const bounds = Array.isArray(value) ? value : [null, null]
    return (
      <Group gap={4} grow wrap="nowrap" align="flex-start">
        <FieldInput {...shared} value={bounds[0]} onChange={(low) => onChange([low, bounds[1] ?? null])} />
        <FieldInput {...shared} value={bounds[1]} onChange={(high) => onChange([bounds[0] ?? null, high])} />
      </Group>
    )
  }
  if (operator?.operand === 'month_day') return <MonthDay name={name} value={value} error={error} onChange={onChange} />
  if (operator?.operand === 'values' && field.type === 'relation')
    return <Records name={name} module={field.relation ?? ''} value={value} error={error} onChange={onChange} />
  if (valueField.type === 'boolean') return <YesNo name={name} value={value} error={error} onChange={onChange} />
  const several = operator?.operand === 'values' && NUMBERS.includes(field.type)
  return <FieldInput {...shared} value={value} onChange={several ? (typed) => onChange(numbers(typed)) : onChange} />
}

/** Several numbers are typed as words: those that are none stay as they are, for the API to refuse. */
const numbers = (typed: Json): Json =>
  Array.isArray(typed)
    ? typed.map((each) => {
        const number = Number(String(each).replace(',', '.'))
        return Number.isNaN(number) ? each : number
      })
    : typed

type Named = Omit<Props, 'field' | 'op'> & { name: string }

/** A box that nobody ticked says nothing yet: yes and no are both answers. */
function YesNo({ name, value, error, onChange }: Named) {
  const { t } = useTranslation()
  return (
    <Select
      aria-label={name}
      error={error}
      data={[
        { value: 'true', label: t('value.yes') },
        { value: 'false', label: t('value.no') },
      ]}
      value={typeof value === 'boolean' ? String(value) : null}
      onChange={(chosen) => onChange(chosen === null ? null : chosen === 'true')}
    />
  )
}

/** A day of any year, kept as "MM-DD". */
function MonthDay({ name, value, error, onChange }: Named) {
  const { t, i18n } = useTranslation()
  const [month = '', day = ''] = typeof value === 'string' ? value.split('-') : []
  const months = Array.from({ length: 12 }, (_, index) => ({
    value: String(index + 1).padStart(2, '0'),
    label: new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, index, 1))),
  }))
  return (
    <Group gap={4} grow wrap="nowrap" align="flex-start">
      <NumberInput
        aria-label={`${name}: ${t('condition.day')}`}
        min={1}
        max={31}
        clampBehavior="strict"
        allowDecimal={false}
        value={day ? Number(day) : ''}
        error={error}
        onChange={(next) => onChange(next === '' ? null : `${month || '01'}-${String(next).padStart(2, '0')}`)}
      />
      <Select
        aria-label={`${name}: ${t('condition.month')}`}
        allowDeselect={false}
        data={months}
        value={month || null}
        onChange={(next) => next && onChange(`${next}-${day || '01'}`)}
      />
    </Group>
  )
}

/** Several related records: each one picked by typing a part of its name, taken out by its cross. */
function Records({ name, module, value, error, onChange }: Named & { module: string }) {
  const ids = Array.isArray(value) ? value.map(String) : []
  return (
    <Stack gap={4}>
      <RelationInput
        aria-label={name}
        module={module}
        value={null}
        exclude={new Set(ids)}
        error={error}
        onChange={(id) => id && onChange([...ids, id])}
      />
      {ids.length > 0 && (
        <Pill.Group>
          {ids.map((id) => (
            <RecordPill key={id} module={module} id={id} onRemove={() => onChange(ids.filter((each) => each !== id))} />
          ))}
        </Pill.Group>
      )}
    </Stack>
  )
}

function RecordPill({ module, id, onRemove }: { module: string; id: string; onRemove: () => void }) {
  const { t } = useTranslation()
  const declaration = useModule(module)
  const { data } = useRecord(module, id)
  const title = data ? titleOf(declaration, data) : id
  const label = `${t('action.remove')}: ${title}`
  return (
    // Reached by Tab: the kit's own button is for the mouse alone.
    <Pill withRemoveButton onRemove={onRemove} removeButtonProps={{ 'aria-label': label, 'aria-hidden': undefined, tabIndex: 0 }}>
      {title}
    </Pill>
  )
}
