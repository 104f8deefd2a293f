import { Select, SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Field } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { Operand } from './Operand'
import { operatorsFor } from './operand'
import { fieldGroups, pathOf, type FieldGroup } from './paths'
import type { Scope } from './scope'
import type { FieldLeaf } from './tree'

interface Props {
  scope: Scope
  leaf: FieldLeaf
  path: string
  onChange: (leaf: FieldLeaf) => void
}

/** Field, operator, value. The fields are the record's own, then those of what it points to. */
export function LeafRow({ scope, leaf, path, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const fieldError = useErrorAt(`${path}.field`)
  const operatorError = useErrorAt(`${path}.op`)
  const valueError = useErrorAt(`${path}.value`)
  const groups = fieldGroups(meta, scope)
  const operatorsOf = (group: FieldGroup, field: Field) =>
    operatorsFor(field, meta.operators, scope.past && !group.relation)
  const found = groups.flatMap((group) =>
    group.fields
      .filter((field) => operatorsOf(group, field).length > 0)
      .map((field) => ({ group, field, path: pathOf(group, field) })),
  )
  const chosen = found.find((each) => each.path === leaf.field)
  const choose = (path: string | null) => {
    const next = found.find((each) => each.path === path)
    if (next) onChange({ field: next.path, op: operatorsOf(next.group, next.field)[0] ?? 'is', value: null })
  }
  const nameOf = ({ relation, module: other }: FieldGroup) => format.label(relation ? relation.label : other.label_one)
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" verticalSpacing={6}>
      <Select
        aria-label={t('filter.field')}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('list.nothing_found')}
        data={groups.map((group) => ({
          group: nameOf(group),
          items: found
            .filter((each) => each.group === group)
            .map(({ path, field }) => ({
              value: path,
              label: [group.relation && nameOf(group), format.label(field.label)].filter(Boolean).join(' · '),
            })),
        }))}
        value={leaf.field}
        error={fieldError}
        onChange={choose}
      />
      <Select
        aria-label={t('filter.operator')}
        allowDeselect={false}
        data={(chosen ? operatorsOf(chosen.group, chosen.field) : [leaf.op]).map((op) => ({
          value: op,
          label: format.label(meta.operators[op]?.label) || op,
        }))}
        value={leaf.op}
        error={operatorError}
        onChange={(op) => op && onChange({ ...leaf, op, value: null })}
      />
      {chosen && (
        <Operand
          field={chosen.field}
          op={leaf.op}
          value={leaf.value}
          error={valueError}
          onChange={(value) => onChange({ ...leaf, value })}
        />
      )}
    </SimpleGrid>
  )
}
