import { Alert, Checkbox, Paper, SimpleGrid, Stack, Switch, TagsInput, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Json, Module, Values } from '../api/types'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { LANGUAGES } from '../i18n'
import { useMeta } from '../meta'
import { useErrorAt } from './errors'
import { OwnerField, SelectField, TextField } from './inputs'
import { ModuleField } from './ModuleField'
import type { FieldsProps } from './draft'

interface Entry {
  field: string
  required?: boolean
  imposed?: Json
  name?: string
}

/** What a form on this module must have: its required fields. */
export const requiredEntries = (module: Module | undefined): Values[] =>
  (module?.fields ?? []).filter(({ required, readonly }) => required && !readonly).map(({ id }) => ({ field: id, required: true }))

export function FormFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const modules = meta.modules.filter(({ id }) => meta.choices.form_module?.includes(id))
  const module = modules.find(({ id }) => id === draft.module)
  const domainsError = useErrorAt('allowed_domains')
  return (
    <>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
          <ModuleField
            modules={modules}
            value={draft.module}
            onChange={(id) => change({ module: id, fields: requiredEntries(modules.find((each) => each.id === id)) })}
          />
          <OwnerField path="owner" value={draft.owner} onChange={(owner) => change({ owner })} />
          <TextField
            path="return_url"
            type="url"
            placeholder="https://"
            description={t('form.return_hint')}
            value={draft.return_url}
            onChange={(return_url) => change({ return_url })}
          />
          <SelectField
            path="language"
            description={t('form.language_hint')}
            clearable
            data={LANGUAGES.map((value) => ({ value, label: t(`word.language.${value}`) }))}
            value={draft.language}
            onChange={(language) => change({ language: language ?? '' })}
          />
          <TextField
            path="button"
            description={t('form.button_hint')}
            value={draft.button}
            onChange={(button) => change({ button })}
          />
          <Stack gap="xs">
            <TagsInput
              name="allowed_domains"
              label={t('property.allowed_domains')}
              description={t('form.domains_hint')}
              required={draft.any_domain !== true}
              disabled={draft.any_domain === true}
              error={domainsError}
              splitChars={[',', ' ']}
              acceptValueOnBlur
              value={Array.isArray(draft.allowed_domains) ? draft.allowed_domains.map(String) : []}
              onChange={(allowed_domains) => change({ allowed_domains })}
            />
            <Checkbox
              name="any_domain"
              label={t('form.any_domain')}
              checked={draft.any_domain === true}
              onChange={({ currentTarget }) => change({ any_domain: currentTarget.checked })}
            />
            {draft.any_domain === true && (
              <Alert color="yellow" icon={<IconAlertTriangle />} p="xs">
                {t('form.any_domain_warning')}
              </Alert>
            )}
          </Stack>
          <Switch
            label={t('property.active')}
            checked={draft.active !== false}
            onChange={({ currentTarget }) => change({ active: currentTarget.checked })}
            mt={{ base: 0, sm: 28 }}
          />
        </SimpleGrid>
      </Paper>
      {module && (
        <UsedFields
          key={module.id}
          module={module}
          entries={(Array.isArray(draft.fields) ? draft.fields : []) as unknown as Entry[]}
          onChange={(fields) => change({ fields: fields as unknown as Json })}
        />
      )}
    </>
  )
}

interface UsedProps {
  module: Module
  entries: Entry[]
  onChange: (entries: Entry[]) => void
}

function UsedFields({ module, entries, onChange }: UsedProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const matches = ({ id, label }: Field) => `${format.label(label)} ${id}`.toLowerCase().includes(typed.toLowerCase())
  // Those of the form come first, as they stood when the page was opened: none jumps away when it is ticked.
  const [first] = useState(() => entries.map(({ field }) => field))
  const place = ({ id }: Field) => (first.includes(id) ? first.indexOf(id) : first.length)
  const listed = module.fields.filter((field) => !field.readonly && matches(field)).sort((one, other) => place(one) - place(other))
  return (
    <Paper>
      <Title order={2} fz="md" mb="xs">
        {t('form.fields')}
      </Title>
      <TextInput
        mb="sm"
        maw={320}
        aria-label={t('form.find_field')}
        placeholder={t('form.find_field')}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <Stack gap={0}>
        {listed.map((field) => {
          const index = entries.findIndex((entry) => entry.field === field.id)
          return (
            <FieldRow
              key={field.id}
              field={field}
              path={`fields[${index}]`}
              entry={entries[index]}
              onChange={(entry) => {
                if (!entry) onChange(entries.filter((_, at) => at !== index))
                else if (index < 0) onChange([...entries, entry])
                else onChange(entries.map((old, at) => (at === index ? entry : old)))
              }}
            />
          )
        })}
      </Stack>
    </Paper>
  )
}

interface RowProps {
  field: Field
  path: string
  entry: Entry | undefined
  onChange: (entry: Entry | null) => void
}

const isImposed = ({ imposed }: Entry) => imposed !== null && imposed !== undefined

/** Use it? Must it be filled in? Or is a value imposed, whatever the visitor sends? */
function FieldRow({ field, path, entry, onChange }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const label = format.label(field.label)
  const imposedError = useErrorAt(`${path}.imposed`)
  const nameError = useErrorAt(`${path}.name`)
  const of = (what: string) => `${what}: ${label}`
  return (
    <SimpleGrid
      data-form-field={field.id}
      cols={{ base: 1, sm: 4 }}
      verticalSpacing={6}
      py={8}
      style={{ borderTop: '1px solid var(--mantine-color-gray-2)', alignItems: 'center' }}
    >
      <Checkbox
        label={label}
        fw={entry ? 600 : undefined}
        checked={entry !== undefined}
        disabled={field.required && entry !== undefined}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? { field: field.id, required: false } : null)}
      />
      {entry && (
        <>
          <Checkbox
            label={t('form.required')}
            aria-label={of(t('form.required'))}
            checked={field.required || entry.required === true}
            disabled={field.required || isImposed(entry)}
            onChange={({ currentTarget }) => onChange({ ...entry, required: currentTarget.checked })}
          />
          <Stack gap={6}>
            <Checkbox
              label={t('form.imposed')}
              aria-label={of(t('form.imposed'))}
              checked={isImposed(entry)}
              onChange={({ currentTarget }) =>
                onChange({ ...entry, imposed: currentTarget.checked ? (field.type === 'boolean' ? false : '') : null })
              }
            />
            {isImposed(entry) && (
              <FieldInput
                field={{ ...field, label: { [format.language]: of(t('filter.value')) } }}
                hideLabel
                value={entry.imposed}
                error={imposedError}
                onChange={(imposed) => onChange({ ...entry, imposed: imposed ?? '' })}
              />
            )}
          </Stack>
          <TextInput
            size="xs"
            label={t('form.input_name')}
            aria-label={of(t('form.input_name'))}
            placeholder={field.id}
            error={nameError}
            value={entry.name ?? ''}
            onChange={({ currentTarget }) => onChange({ ...entry, name: currentTarget.value })}
          />
        </>
      )}
    </SimpleGrid>
  )
}
