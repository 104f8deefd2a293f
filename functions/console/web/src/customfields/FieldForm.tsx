import { Button, Checkbox, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { CustomField, Module } from '../api/types'
import { Errors, ErrorSummary, errorsOf } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { nameOf, useSaveField } from './fields'

interface Props {
  module: Module
  existing?: CustomField
  onSaved: () => void
  onCancel: () => void
}

const WITH_OPTIONS = ['picklist', 'multipicklist']

export function FieldForm({ module, existing, onSaved, onCancel }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const save = useSaveField(module.id, existing)
  const [draft, setDraft] = useState({
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
  const errors = errorsOf(save.error)
  const broken = (key: string) => errors.find(({ path }) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`))?.message
  const change = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }))

  /** The name follows the Spanish label until somebody writes another one. */
  const relabel = (es: string) => change(draft.named ? { es } : { es, field: nameOf(es) })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { es, en, required, list_column, type } = draft
    // An option that was there keeps its words; a new one is its own word.
    const options = draft.options.map((value) => existing?.options.find((option) => option.value === value) ?? value)
    const changeable = { label: { es, en }, required, list_column, ...(WITH_OPTIONS.includes(type) ? { options } : {}) }
    const fixed = { field: draft.field, type, ...(type === 'relation' ? { relation: draft.relation } : {}) }
    save.mutate(existing ? changeable : { ...fixed, ...changeable }, { onSuccess: onSaved })
  }

  return (
    <form onSubmit={submit} noValidate>
      <Errors value={errors}>
        <Stack>
          <Group grow align="flex-start">
            <TextInput
              data-autofocus
              name="label_es"
              label={t('customfield.label_es')}
              required
              value={draft.es}
              error={broken('label')}
              onChange={({ currentTarget }) => relabel(currentTarget.value)}
            />
            <TextInput
              name="label_en"
              label={t('customfield.label_en')}
              value={draft.en}
              onChange={({ currentTarget }) => change({ en: currentTarget.value })}
            />
          </Group>
          <Group grow align="flex-start">
            <TextInput
              name="field"
              label={t('customfield.name')}
              description={t('customfield.name_hint')}
              required
              disabled={existing !== undefined}
              value={draft.field}
              error={broken('field')}
              onChange={({ currentTarget }) => change({ field: currentTarget.value, named: true })}
            />
            <Select
              name="type"
              label={t('customfield.type')}
              description={t('customfield.type_hint')}
              allowDeselect={false}
              disabled={existing !== undefined}
              data={meta.field_types.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
              value={draft.type}
              error={broken('type')}
              onChange={(type) => type && change({ type })}
            />
          </Group>
          {WITH_OPTIONS.includes(draft.type) && (
            <TagsInput
              label={t('customfield.options')}
              description={t('customfield.options_hint')}
              value={draft.options}
              error={broken('options')}
              onChange={(options) => change({ options })}
            />
          )}
          {draft.type === 'relation' && (
            <Select
              name="relation"
              label={t('customfield.relation')}
              required
              disabled={existing !== undefined}
              data={meta.modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
              value={draft.relation}
              error={broken('relation')}
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
          <ErrorSummary problem={save.error} errors={errors} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      </Errors>
    </form>
  )
}
