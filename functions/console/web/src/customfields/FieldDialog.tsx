import { Checkbox, SimpleGrid, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CustomField, Module } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { FormDialog } from '../editing/FormDialog'
import { SelectField, TextField } from '../editing/inputs'
import { useWriting } from '../editing/kept'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { nameOf, useSaveField } from './fields'

interface Props {
  module: Module
  existing?: CustomField
  onSaved: () => void
  onClose: () => void
}

const WITH_OPTIONS = ['picklist', 'multipicklist']

/** Where the fields of a module are kept while they are being written. */
export const fieldDrafts = (module: Module): string => `fields/${module.id}`

/** A field of one's own: what it is called, its type, and what can be chosen. */
export function FieldDialog({ module, existing, onSaved, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const save = useSaveField(module.id, existing)
  const writing = useWriting(`${fieldDrafts(module)}/${existing?.field ?? 'new'}`, {
    es: existing?.label.es ?? '',
    en: existing?.label.en ?? '',
    field: existing?.field ?? '',
    named: existing !== undefined,
    type: existing?.type ?? 'text',
    relation: existing?.relation ?? null,
    options: (existing?.options ?? []).map(({ value }) => value),
    required: existing?.required ?? false,
    list_column: existing?.list_column ?? true,
  })
  const { draft, change } = writing

  /** The name follows the Spanish label until somebody writes another one. */
  const relabel = (es: string) => change(draft.named ? { es } : { es, field: nameOf(es) })

  const saved = () => {
    writing.end()
    onSaved()
  }
  const submit = () => {
    const { es, en, required, list_column, type } = draft
    // An option that was there keeps its words; a new one is its own word.
    const options = draft.options.map((value) => existing?.options.find((option) => option.value === value) ?? value)
    const changeable = { label: { es, en }, required, list_column, ...(WITH_OPTIONS.includes(type) ? { options } : {}) }
    const fixed = { field: draft.field, type, ...(type === 'relation' ? { relation: draft.relation } : {}) }
    save.mutate(existing ? changeable : { ...fixed, ...changeable }, { onSuccess: saved })
  }

  return (
    <FormDialog
      title={existing ? format.label(existing.label) : t('customfield.add')}
      size="lg"
      writing={writing}
      save={save}
      submit={submit}
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextField path="label" label={t('customfield.label_es')} required autoFocus value={draft.es} onChange={relabel} />
        <TextField path="label.en" label={t('customfield.label_en')} value={draft.en} onChange={(en) => change({ en })} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextField
          path="field"
          label={t('customfield.name')}
          description={t('customfield.name_hint')}
          required
          disabled={existing !== undefined}
          value={draft.field}
          onChange={(field) => change({ field, named: true })}
        />
        <SelectField
          path="type"
          label={t('customfield.type')}
          description={t('customfield.type_hint')}
          disabled={existing !== undefined}
          data={meta.field_types.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={draft.type}
          onChange={(type) => type && change({ type })}
        />
      </SimpleGrid>
      {WITH_OPTIONS.includes(draft.type) && <Options options={draft.options} onChange={(options) => change({ options })} />}
      {draft.type === 'relation' && (
        <SelectField
          path="relation"
          label={t('customfield.relation')}
          required
          disabled={existing !== undefined}
          data={meta.modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={draft.relation}
          onChange={(relation) => change({ relation })}
        />
      )}
      <Checkbox
        label={t('customfield.required')}
        checked={draft.required}
        onChange={({ currentTarget }) => change({ required: currentTarget.checked })}
      />
      <Checkbox
        label={t('customfield.list_column')}
        checked={draft.list_column}
        onChange={({ currentTarget }) => change({ list_column: currentTarget.checked })}
      />
    </FormDialog>
  )
}

function Options({ options, onChange }: { options: string[]; onChange: (options: string[]) => void }) {
  const { t } = useTranslation()
  return (
    <TagsInput
      label={t('customfield.options')}
      description={t('customfield.options_hint')}
      value={options}
      error={useErrorAt('options')}
      onChange={onChange}
    />
  )
}
