import { Select, SimpleGrid, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Module, Segment } from '../api/types'
import { useDefinitions } from '../api/queries'
import { RECIPIENTS, useMeta } from '../meta'
import { useTargetLabel } from './targets'
import { ENCODINGS, PRESETS, SEPARATORS, type Asked, type Preview } from './types'

interface Props {
  preview: Preview
  module: Module
  change: (more: Asked) => void
}

/** How the file is written, and what holds for all its rows. */
export function FileFields({ preview, module, change }: Props) {
  const { t } = useTranslation()
  const { users, groups } = useMeta()
  const target = useTargetLabel(module)
  const segments = useDefinitions<Segment>('segments', { status: 'Activo' }).data?.items ?? []
  const { plan } = preview
  const choice = (name: keyof Asked, values: readonly string[], value: string | null, label?: (value: string) => string) => (
    <Select
      label={t(`import.${name}`)}
      data={values.map((each) => ({ value: each, label: label ? label(each) : t(`import.${name}_of.${words(each)}`) }))}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => chosen && change({ [name]: chosen })}
    />
  )
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      {choice('encoding', ENCODINGS, plan.encoding)}
      {choice('separator', SEPARATORS, plan.separator)}
      {choice('decimal', [',', '.'], plan.decimal)}
      {choice('dates', ['dmy', 'mdy'], plan.dates)}
      <Select
        label={t('import.preset')}
        placeholder={t('import.preset_none')}
        data={PRESETS.map((each) => ({ value: each, label: t(`import.preset_of.${each}`) }))}
        value={preview.preset}
        clearable
        clearButtonProps={{ 'aria-label': t('import.preset_none') }}
        // Another product's columns are proposed anew.
        onChange={(preset) => change({ preset: preset ?? undefined, columns: undefined, match: undefined })}
      />
      {choice('match', preview.matches, plan.match, (each) => (each === 'none' ? t('import.match_none') : target(each)))}
      {choice('mode', ['upsert', 'create', 'update'], plan.mode)}
      <Select
        label={t('import.owner')}
        placeholder={t('import.owner_hint')}
        data={[...users, ...groups].map(({ id, name }) => ({ value: id, label: name }))}
        value={plan.owner}
        clearable
        searchable
        onChange={(owner) => change({ owner: owner ?? undefined })}
      />
      <TagsInput
        label={t('import.tags')}
        placeholder={plan.tags.length === 0 ? t('import.tags_hint') : undefined}
        value={plan.tags}
        maxTags={20}
        onChange={(tags) => change({ tags })}
      />
      {RECIPIENTS.includes(module.id) && (
        <Select
          label={t('import.segment')}
          placeholder={t('import.segment_hint')}
          data={segments.map(({ id, name, number }) => ({ value: id, label: number ? `${name} (${number})` : name }))}
          value={plan.segment}
          clearable
          searchable
          onChange={(segment) => change({ segment: segment ?? undefined })}
        />
      )}
    </SimpleGrid>
  )
}

/** Signs make poor keys of a catalogue. */
const SIGNS: Record<string, string> = { ';': 'semicolon', ',': 'comma', '\t': 'tab', '|': 'bar', '.': 'point' }
const words = (value: string) => SIGNS[value] ?? value
