import { ActionIcon, Group, Select, SimpleGrid } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Field, Json, Module } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { operandField, operatorsFor } from './operand'
import { fieldGroups, pathOf, type FieldGroup } from './paths'
import type { Leaf } from './tree'

interface Props {
  module: Module
  leaf: Leaf
  path: string
  past: boolean
  onChange: (leaf: Leaf) => void
  onRemove: () => void
}

/** Field, operator, value. The fields are the record's own, then those of what it points to. */
export function LeafRow({ module, leaf, path, past, onChange, onRemove }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const fieldError = useErrorAt(`${path}.field`)
  const operatorError = useErrorAt(`${path}.op`)
  const valueError = useErrorAt(`${path}.value`)
  const groups = fieldGroups(meta, module)
  const operatorsOf = (group: FieldGroup, field: Field) => operatorsFor(field, meta.operators, past && !group.relation)
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
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" verticalSpacing={6} flex={1}>
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
          <Operand field={chosen.field} leaf={leaf} error={valueError} onChange={(value) => onChange({ ...leaf, value })} />
        )}
      </SimpleGrid>
      <ActionIcon variant="subtle" color="red.9" mt={4} aria-label={t('filter.remove')} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}

interface OperandProps {
  field: Field
  leaf: Leaf
  error?: string
  onChange: (value: Json) => void
}

function Operand({ field, leaf, error, onChange }: OperandProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const operands = meta.operators[leaf.op]?.operands ?? 1
  const people = [...meta.users, ...meta.groups].map(({ id, name }) => ({ value: id, label: { es: name, en: name } }))
  const asked = operandField(field, meta.operators[leaf.op], people)
  const valueField: Field = { ...asked, readonly: false, label: { [format.language]: t('filter.value') } }
  const shared = { field: valueField, hideLabel: true, error }
  if (operands === 0) return null
  if (operands === 1) return <FieldInput {...shared} value={leaf.value} onChange={onChange} />
  const bounds = Array.isArray(leaf.value) ? leaf.value : [null, null]
  return (
    <Group gap={4} grow wrap="nowrap" align="flex-start">
      <FieldInput {...shared} value={bounds[0]} onChange={(low) => onChange([low, bounds[1] ?? null])} />
      <FieldInput {...shared} value={bounds[1]} onChange={(high) => onChange([bounds[0] ?? null, high])} />
    </Group>
  )
}
