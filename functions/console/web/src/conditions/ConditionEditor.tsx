import { ActionIcon, Box, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconFolderPlus, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { useMeta } from '../meta'
import { LeafRow } from './LeafRow'
import { operatorsFor } from './operand'
import { branchOf, conditionOf, isLeaf, partPath, type Branch, type Kind, type Leaf } from './tree'

interface Props {
  module: Module
  value: Condition | null
  onChange: (condition: Condition | null) => void
  /** Where the condition stands in what is sent. */
  path: string
  /** Whether there is a change whose value before can be asked about. */
  past?: boolean
}

/** A condition of any depth: groups of which all or any must hold, or not, and leaves on fields. */
export function ConditionEditor({ onChange, ...props }: Props) {
  return <GroupEditor {...props} past={props.past === true} onChange={(next) => onChange(branchOf(next).parts.length > 0 ? next : null)} />
}

/** The first thing to ask: the first field of the module that can be asked about. */
export function useBlankLeaf(module: Module, past: boolean): Leaf {
  const { operators } = useMeta()
  const first = module.fields.find((field) => operatorsFor(field, operators, past).length > 0)
  return { field: first?.id ?? '', op: (first && operatorsFor(first, operators, past)[0]) ?? 'is', value: null }
}

interface GroupProps {
  module: Module
  value: Condition | null
  path: string
  past: boolean
  onChange: (condition: Condition) => void
  onRemove?: () => void
}

function GroupEditor({ module, value, path, past, onChange, onRemove }: GroupProps) {
  const { t } = useTranslation()
  const blank = useBlankLeaf(module, past)
  const branch = branchOf(value)
  const write = (part: Partial<Branch>) => onChange(conditionOf({ ...branch, ...part }))
  const replace = (index: number, next: Condition) => write({ parts: branch.parts.map((old, at) => (at === index ? next : old)) })
  const remove = (index: number) => write({ parts: branch.parts.filter((_, at) => at !== index) })
  return (
    <Box
      role="group"
      aria-label={t('condition.group')}
      pl={onRemove ? 'sm' : 0}
      style={onRemove && { borderLeft: '3px solid var(--mantine-color-blue-2)' }}
    >
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <JoinSelect branch={branch} onChange={write} />
          {onRemove && (
            <ActionIcon variant="subtle" color="red.9" aria-label={t('condition.remove_group')} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
        {branch.parts.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('condition.none')}
          </Text>
        )}
        {branch.parts.map((part, index) => {
          const shared = { module, past, path: partPath(path, branch, index), onRemove: () => remove(index) }
          return isLeaf(part) ? (
            <LeafRow key={index} {...shared} leaf={part} onChange={(next) => replace(index, next)} />
          ) : (
            <GroupEditor key={index} {...shared} value={part} onChange={(next) => replace(index, next)} />
          )
        })}
        <Group gap="xs">
          <Button
            variant="light"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => write({ parts: [...branch.parts, blank] })}
          >
            {t('filter.add')}
          </Button>
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconFolderPlus size={14} />}
            onClick={() => write({ parts: [...branch.parts, { any: [blank] }] })}
          >
            {t('condition.add_group')}
          </Button>
        </Group>
      </Stack>
    </Box>
  )
}

const JOINS: [string, Kind, boolean][] = [
  ['all', 'all', false],
  ['any', 'any', false],
  ['not_all', 'all', true],
  ['none', 'any', true],
]

/** All, any, not all, none: how the parts count together. */
function JoinSelect({ branch, onChange }: { branch: Branch; onChange: (part: Partial<Branch>) => void }) {
  const { t } = useTranslation()
  const chosen = JOINS.find(([, kind, negated]) => kind === branch.kind && negated === branch.negated)
  return (
    <Select
      size="xs"
      w={280}
      maw="100%"
      aria-label={t('condition.join')}
      allowDeselect={false}
      data={JOINS.map(([id]) => ({ value: id, label: t(`condition.join_${id}`) }))}
      value={chosen?.[0] ?? 'all'}
      onChange={(id) => {
        const next = JOINS.find(([each]) => each === id)
        if (next) onChange({ kind: next[1], negated: next[2] })
      }}
    />
  )
}
