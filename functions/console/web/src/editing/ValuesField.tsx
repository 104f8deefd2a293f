import { ActionIcon, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Field, Json, Module, Values } from '../api/types'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { fieldOf } from '../meta'
import { useErrorAt } from './errors'

interface Props {
  path: string
  module: Module
  value: Json | undefined
  onChange: (value: Json) => void
}

/** Values for some fields of a module: what a task writes. */
export function ValuesField({ path, module, value, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const error = useErrorAt(path)
  const values: Values = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
  const free = module.fields.filter(({ id, readonly }) => !readonly && !(id in values))
  const without = (id: string) => Object.fromEntries(Object.entries(values).filter(([key]) => key !== id))
  return (
    <Stack gap="xs" style={{ gridColumn: '1 / -1' }}>
      <Text size="sm" fw={600}>
        {t('property.values')}
      </Text>
      {Object.keys(values).map((id) => (
        <ValueRow
          key={id}
          path={`${path}.${id}`}
          field={fieldOf(module, id) ?? { id, label: { [format.language]: id }, type: 'text' }}
          value={values[id]}
          onChange={(next) => onChange({ ...values, [id]: next })}
          onRemove={() => onChange(without(id))}
        />
      ))}
      <Select
        maw={420}
        aria-label={t('editor.add_value')}
        placeholder={t('editor.add_value')}
        searchable
        data={free.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
        value={null}
        error={Object.keys(values).length === 0 ? error : undefined}
        onChange={(id) => id && onChange({ ...values, [id]: fieldOf(module, id)?.type === 'boolean' ? false : null })}
      />
    </Stack>
  )
}

interface RowProps {
  path: string
  field: Field
  value: Json | undefined
  onChange: (value: Json) => void
  onRemove: () => void
}

function ValueRow({ path, field, value, onChange, onRemove }: RowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const error = useErrorAt(path)
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing={4} flex={1}>
        <Text size="sm" lh={2.4}>
          {format.label(field.label)}
        </Text>
        <FieldInput field={field} hideLabel value={value} error={error} onChange={onChange} />
      </SimpleGrid>
      <ActionIcon variant="subtle" color="red.9" mt={4} aria-label={t('editor.remove_value')} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}
