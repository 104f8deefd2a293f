import { Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Condition, Json } from '../api/types'
import { resolvePath, useSentence } from '../conditions/sentence'
import { isField, isGroup } from '../conditions/tree'
import { plainValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { useMeta, useOwnerName } from '../meta'

/** A condition as it was decided: each part with its verdict, the leaves with what was found. */
export type Explained = Condition & { verdict: boolean; found?: Json }

interface Props {
  tree: Explained
  module: string
}

export function Tree({ tree, module }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const found = useFound()
  const parts = partsOf(tree)
  const word = 'all' in tree ? 'why.all' : 'any' in tree ? 'why.any' : 'condition.not'
  if (parts?.length === 1 && !('not' in tree)) return <Tree tree={parts[0] as Explained} module={module} />
  return (
    <Stack gap={2}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Verdict holds={tree.verdict} />
        <Text size="sm" span style={{ overflowWrap: 'anywhere' }}>
          {parts ? t(word) : sentence(tree, module)}
          {!parts && (
            <Text size="xs" c="dimmed" span>
              {' '}
              ({t('why.found', { value: found(tree, module) || t('why.nothing') })})
            </Text>
          )}
        </Text>
      </Group>
      {parts && (
        <Stack component="ul" gap={2} m={0} pl={22} style={{ listStyle: 'none' }}>
          {parts.map((part, index) => (
            <li key={index}>
              <Tree tree={part as Explained} module={module} />
            </li>
          ))}
        </Stack>
      )}
    </Stack>
  )
}

function partsOf(tree: Condition): Condition[] | null {
  if (!isGroup(tree)) return null
  return 'all' in tree ? tree.all : 'any' in tree ? tree.any : [tree.not]
}

export function Verdict({ holds }: { holds: boolean }) {
  const { t } = useTranslation()
  const Icon = holds ? IconCheck : IconX
  return (
    <Icon
      size={16}
      role="img"
      aria-label={t(holds ? 'why.yes' : 'why.no')}
      style={{ flexShrink: 0, marginTop: 2 }}
      color={`var(--mantine-color-${holds ? 'teal' : 'red'}-8)`}
    />
  )
}

/** What the record has, as its field would show it. */
function useFound(): (leaf: Explained, module: string) => string {
  const meta = useMeta()
  const format = useFormat()
  const ownerName = useOwnerName()
  return (leaf, moduleId) => {
    const value = leaf.found
    if (value === undefined || value === null) return ''
    const module = meta.modules.find(({ id }) => id === moduleId)
    const field = isField(leaf) ? resolvePath(meta, module, leaf.field, format).field : undefined
    if (field?.type === 'user') return ownerName(String(value))
    if (field) return plainValue(field, value, format)
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}
