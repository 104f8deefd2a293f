import { NumberInput, Paper, SimpleGrid, Stack, Switch, TagsInput, Textarea, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json, Values } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { SelectField, TextField } from '../editing/inputs'
import { at, BEGIN, PLAIN, withValue, without, type Setting } from './declared'

interface Props {
  id: string
  draft: Values
  change: (draft: Values) => void
}

/** Parts with a heading each; an optional one is made and unmade with its switch. */
export function PlainFields({ id, draft, change }: Props) {
  const { t } = useTranslation()
  return PLAIN[id]!.map((part) => {
    const open = part.optional === undefined || draft[part.optional] !== undefined
    const title = t(`settings.${id}.part.${part.id}`)
    return (
      <Paper key={part.id}>
        <Stack>
          <Title order={2} fz="md">
            {title}
          </Title>
          {part.optional && (
            <Switch
              label={t(`settings.${id}.use`, { name: title })}
              checked={open}
              onChange={({ currentTarget }) =>
                change(currentTarget.checked ? { ...draft, [part.optional!]: BEGIN[part.optional!]! } : without(draft, part.optional!))
              }
            />
          )}
          {open && (
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {part.settings.map((setting) => (
                <Field
                  key={setting.path}
                  page={id}
                  setting={setting}
                  value={at(draft, setting.path)}
                  onChange={(value) => change(withValue(draft, setting.path, value))}
                />
              ))}
            </SimpleGrid>
          )}
        </Stack>
      </Paper>
    )
  })
}

interface FieldProps {
  page: string
  setting: Setting
  value: Json | undefined
  onChange: (value: Json) => void
}

function Field({ page, setting, value, onChange }: FieldProps) {
  const { t, i18n } = useTranslation()
  const { path, kind, required, clearable, options, min, max } = setting
  const words = `settings.${page}.${path.replace('.', '_')}`
  const error = useErrorAt(path)
  const comma = i18n.language.startsWith('es')
  const hint = i18n.exists(`${words}_hint`) ? t(`${words}_hint`) : undefined
  const common = { path, value, label: t(words), description: hint, required, onChange }
  const shown = { name: path, label: t(words), description: hint, required, error }
  switch (kind) {
    case 'number':
      return (
        <NumberInput
          {...shown}
          allowDecimal={false}
          thousandSeparator={comma ? '.' : ','}
          decimalSeparator={comma ? ',' : '.'}
          min={min}
          max={max}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(Number(next) || 0)}
        />
      )
    case 'percent':
      return (
        <NumberInput
          {...shown}
          suffix={comma ? ' %' : '%'}
          decimalScale={2}
          decimalSeparator={comma ? ',' : '.'}
          allowedDecimalSeparators={[',', '.']}
          step={0.1}
          min={0}
          max={max}
          value={typeof value === 'number' ? Math.round(value * 10_000) / 100 : ''}
          onChange={(next) => onChange(Math.round(Number(next) * 100) / 10_000)}
        />
      )
    case 'switch':
      return (
        <Switch
          name={path}
          label={t(words)}
          description={hint}
          error={error}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )
    case 'choice':
      return (
        <SelectField
          {...common}
          data={(options ?? []).map((id) => ({ value: id, label: t(`settings.choice.${id}`) }))}
          clearable={clearable}
          value={value ?? (clearable ? null : (options?.[0] ?? null))}
          onChange={(next) => onChange(next ?? '')}
        />
      )
    case 'zone':
      return <SelectField {...common} onChange={(next) => onChange(next ?? '')} data={Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone }))} />
    case 'list':
      return (
        <TagsInput
          {...shown}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
          clearable
          clearButtonProps={{ 'aria-label': t('action.clear') }}
          acceptValueOnBlur
          splitChars={[',', ' ', ';']}
        />
      )
    case 'long':
      return (
        <Textarea {...shown} autosize minRows={2} value={String(value ?? '')} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
      )
    default:
      return <TextField {...common} type={kind} />
  }
}
