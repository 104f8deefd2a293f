import { ActionIcon, Box, Group, NumberInput, Select, SimpleGrid, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ActivityKey, Condition, Definition, Field, Json, Module } from '../api/types'
import { useDefinitions } from '../api/queries'
import { useErrorAt } from '../editing/errors'
import { FieldInput } from '../fields/FieldInput'
import { RelationInput } from '../fields/RelationInput'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { GroupEditor } from './GroupEditor'
import { Operand } from './Operand'
import { useInnerScope } from './scope'

interface Props {
  module: Module
  detail: ActivityKey
  value: Json
  path: string
  onChange: (value: Json) => void
  onRemove: () => void
}

/** One thing that narrows an activity down, with its word before it. */
export function ActivityDetail(props: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const label = format.label(props.detail.label)
  return (
    <SimpleGrid cols={{ base: 1, sm: props.detail.input === 'condition' ? 1 : 2 }} spacing="xs" verticalSpacing={2} pl="sm">
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <ActionIcon variant="subtle" color="gray.7" aria-label={`${t('action.remove')}: ${label}`} onClick={props.onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      <Input {...props} label={label} />
    </SimpleGrid>
  )
}

type InputProps = Props & { label: string }

/** By what the key takes; what is not known here names definitions. */
function Input(props: InputProps) {
  const { detail, value, path, onChange, label } = props
  const { modules, conditions } = useMeta()
  const error = useErrorAt(path)
  if (detail.input === 'condition') return <OfTheMessage {...props} />
  if (detail.input === 'url') return <UrlInput {...props} />
  if (detail.input === 'integer')
    return (
      <NumberInput
        aria-label={label}
        min={0}
        max={detail.id.endsWith('hours') ? conditions.limits.hours : conditions.limits.days}
        allowDecimal={false}
        value={typeof value === 'number' ? value : ''}
        error={error}
        onChange={(count) => onChange(count === '' ? null : Number(count))}
      />
    )
  if (detail.input === 'date') {
    const field: Field = { id: detail.id, label: detail.label, type: 'date' }
    return <FieldInput field={field} hideLabel value={value} error={error} onChange={onChange} />
  }
  if (modules.some(({ id }) => id === detail.input))
    return <RelationInput aria-label={label} module={detail.input} value={value ? String(value) : null} error={error} onChange={onChange} />
  return <DefinitionChoice {...props} error={error} />
}

function DefinitionChoice({ detail, value, onChange, label, error }: InputProps & { error?: string }) {
  const { t } = useTranslation()
  const items = useDefinitions<Definition>(detail.input).data?.items ?? []
  return (
    <Select
      aria-label={label}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('list.nothing_found')}
      data={items.map(({ id, name }) => ({ value: id, label: name ?? id }))}
      value={value ? String(value) : null}
      error={error}
      onChange={onChange}
    />
  )
}

/** A part of the URL, or any other operator of texts. */
function UrlInput({ value, path, onChange, label }: InputProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { conditions, operators } = useMeta()
  const opError = useErrorAt(`${path}.op`)
  const valueError = useErrorAt(`${path}.value`)
  const asked = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : { op: 'contains', value }
  const op = String(asked.op)
  const field: Field = { id: 'url', label: {}, type: 'text' }
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={4} verticalSpacing={4}>
      <Select
        aria-label={`${label}: ${t('filter.operator')}`}
        allowDeselect={false}
        data={conditions.url_operators
          .filter((id) => !operators[id]?.past)
          .map((id) => ({ value: id, label: format.label(operators[id]?.label) || id }))}
        value={op}
        error={opError}
        onChange={(next) => next && onChange({ op: next, value: null })}
      />
      <Operand field={field} op={op} value={asked.value} error={valueError} onChange={(next) => onChange({ op, value: next })} />
    </SimpleGrid>
  )
}

/** Several facts about the very same message. */
function OfTheMessage({ module, value, path, onChange }: InputProps) {
  const { modules } = useMeta()
  const link = module.links?.find((each) => modules.find(({ id }) => id === each.module)?.kind === 'message')
  const scope = useInnerScope(module, link?.id)
  if (!scope) return null
  return (
    <Box pl="sm" style={{ borderLeft: '3px solid var(--mantine-color-teal-3)' }}>
      <GroupEditor scope={scope} value={value as Condition} path={path} onChange={(next) => onChange(next as Json)} />
    </Box>
  )
}
