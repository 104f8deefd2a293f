import { useTranslation } from 'react-i18next'
import type { Json, Module, Param } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { ChoiceField, DefinitionField, DefinitionsField, MaybeNumber, SelectField } from './inputs'
import { ValuesField } from './ValuesField'

interface Props {
  param: Param
  path: string
  value: Json | undefined
  onChange: (value: Json) => void
  /** The module whose fields `values` are about, and whose records are linked with others. */
  module?: Module
}

/** The words of a choice, where they are not under the name of the parameter. */
const WORDS: Record<string, string> = { message_class: 'word.class', message_event: 'word.event' }

/** The input of a parameter of a task or a trigger, by its kind; a kind that is not known names definitions. */
export function ParamField({ param: { name, kind, required }, module, ...input }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const common = { ...input, name, required, description: required ? undefined : t('editor.optional') }
  if (kind in meta.choices) return <ChoiceField {...common} choice={kind} words={WORDS[kind] ?? `word.${name}`} clearable />
  if (kind === 'module')
    return (
      <SelectField
        {...common}
        data={meta.modules
          .filter(({ capabilities }) => capabilities.create)
          .map(({ id, label_one }) => ({ value: id, label: format.label(label_one) }))}
      />
    )
  if (kind === 'linked_module')
    return (
      <SelectField
        {...common}
        clearable
        data={(module?.related ?? []).filter(({ linked }) => linked).map((other) => ({ value: other.module, label: format.label(other.label) }))}
      />
    )
  if (kind === 'hours') return <MaybeNumber {...common} min={0} max={8784} description={t(`editor.${name}`)} />
  if (kind === 'values') return module ? <ValuesField {...input} module={module} /> : null
  const noun = kind.replace(/\*$/, '').replaceAll('_', '-')
  if (kind.endsWith('*')) return <DefinitionsField {...common} noun={noun} onChange={(ids) => input.onChange(ids.length > 0 ? ids : null)} />
  return <DefinitionField {...common} noun={noun} clearable />
}
