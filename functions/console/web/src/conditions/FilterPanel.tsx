import { ActionIcon, Button, Group, Paper, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Field, Json, Module } from '../api/types'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { fieldOf, useMeta } from '../meta'
import { filterOperators, operandField } from './operand'

interface Leaf {
  field: string
  op: string
  value: Json
}

/** The rows of the panel for a condition made of leaves that must all hold; null for any other shape. */
function leavesOf(condition: Condition | null): Leaf[] | null {
  if (condition === null) return []
  const parts = 'all' in condition ? condition.all : [condition]
  if (!parts.every((part) => 'field' in part)) return null
  return parts.map(({ field, op, value }) => ({ field, op, value: value ?? null }))
}

/** A list with one leaf is asked as that leaf; without any, nothing is asked. */
const conditionOf = (leaves: Leaf[]): Condition | null => (leaves.length === 0 ? null : { all: leaves.map(withoutBlank) })

const withoutBlank = ({ field, op, value }: Leaf) => (value === null ? { field, op } : { field, op, value })

interface Props {
  module: Module
  condition: Condition | null
  onApply: (condition: Condition | null) => void
}

export default function FilterPanel({ module, condition, onApply }: Props) {
  const { t } = useTranslation()
  const meta = useMeta()
  const filterable = module.fields.filter((field) => filterOperators(field, meta.operators).length > 0)
  const first = filterable[0]
  const blank = (field: Field): Leaf => ({ field: field.id, op: filterOperators(field, meta.operators)[0] ?? 'is', value: null })
  const [leaves, setLeaves] = useState<Leaf[]>(() => {
    const known = leavesOf(condition) ?? []
    return known.length > 0 || !first ? known : [blank(first)]
  })
  const change = (index: number, leaf: Leaf) => setLeaves(leaves.map((old, at) => (at === index ? leaf : old)))
  const complete = leaves.filter(({ op, value }) => value !== null || meta.operators[op]?.operands === 0)

  return (
    <Paper component="form" mb="sm" onSubmit={(event) => (event.preventDefault(), onApply(conditionOf(complete)))}>
      <Stack gap="sm">
        <Text fw={600} size="sm">
          {t('filter.all_hold')}
        </Text>
        {leaves.map((leaf, index) => (
          <LeafRow
            key={index}
            module={module}
            filterable={filterable}
            leaf={leaf}
            onChange={(next) => change(index, next)}
            onRemove={() => setLeaves(leaves.filter((_, at) => at !== index))}
          />
        ))}
        <Group justify="space-between">
          <Button
            variant="light"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => first && setLeaves([...leaves, blank(first)])}
          >
            {t('filter.add')}
          </Button>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => (setLeaves([]), onApply(null))}>
              {t('filter.clear')}
            </Button>
            <Button size="xs" type="submit">
              {t('filter.apply')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Paper>
  )
}

interface RowProps {
  module: Module
  filterable: Field[]
  leaf: Leaf
  onChange: (leaf: Leaf) => void
  onRemove: () => void
}

function LeafRow({ module, filterable, leaf, onChange, onRemove }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const field = fieldOf(module, leaf.field)
  if (!field) return null
  const operands = meta.operators[leaf.op]?.operands ?? 1
  const bound = (index: number) => (Array.isArray(leaf.value) ? (leaf.value[index] ?? null) : null)
  const people = [...meta.users, ...meta.groups].map(({ id, name }) => ({ value: id, label: { es: name, en: name } }))
  const asked = operandField(field, meta.operators[leaf.op], people)
  const valueField: Field = { ...asked, readonly: false, label: { [format.language]: t('filter.value') } }
  const setBound = (index: number, value: Json) => {
    const bounds = [bound(0), bound(1)]
    bounds[index] = value
    onChange({ ...leaf, value: bounds })
  }
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" flex={1}>
        <Select
          aria-label={t('filter.field')}
          searchable
          allowDeselect={false}
          data={filterable.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={leaf.field}
          onChange={(id) => {
            const chosen = filterable.find((candidate) => candidate.id === id)
            if (chosen) onChange({ field: chosen.id, op: filterOperators(chosen, meta.operators)[0] ?? 'is', value: null })
          }}
        />
        <Select
          aria-label={t('filter.operator')}
          allowDeselect={false}
          data={filterOperators(field, meta.operators).map((op) => ({
            value: op,
            label: format.label(meta.operators[op]?.label) || op,
          }))}
          value={leaf.op}
          onChange={(op) => op && onChange({ ...leaf, op, value: null })}
        />
        {operands === 1 && (
          <FieldInput field={valueField} hideLabel value={leaf.value} onChange={(value) => onChange({ ...leaf, value })} />
        )}
        {operands >= 2 && (
          <Group gap={4} grow wrap="nowrap">
            <FieldInput field={valueField} hideLabel value={bound(0)} onChange={(value) => setBound(0, value)} />
            <FieldInput field={valueField} hideLabel value={bound(1)} onChange={(value) => setBound(1, value)} />
          </Group>
        )}
      </SimpleGrid>
      <ActionIcon variant="subtle" color="red" aria-label={t('filter.remove')} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}
