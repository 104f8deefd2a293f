import { Box, Select, SimpleGrid, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { GroupEditor } from './GroupEditor'
import { useInnerScope } from './scope'
import { TimesInput } from './TimesInput'
import type { RelatedLeaf } from './tree'

interface Props {
  module: Module
  leaf: RelatedLeaf
  path: string
  onChange: (leaf: Condition) => void
}

/** The records that point here: how many of them meet what is asked of each. */
export function RelatedRow({ module, leaf, path, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const linkError = useErrorAt(`${path}.related`)
  const inner = useInnerScope(module, leaf.related)
  const { times: _times, match: _match, ...asked } = leaf
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing={6}>
        <Select
          aria-label={t('condition.related')}
          allowDeselect={false}
          data={(module.links ?? []).map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={leaf.related}
          error={linkError}
          onChange={(related) => related && onChange({ ...leaf, related, where: undefined })}
        />
        <TimesInput
          times={leaf.times}
          match={leaf.match ?? 'any'}
          path={path}
          onTimes={(times) => onChange({ ...asked, times })}
          onMatch={(match) => onChange({ ...asked, match })}
        />
      </SimpleGrid>
      {inner && (
        <Box pl="sm" style={{ borderLeft: '3px solid var(--mantine-color-teal-3)' }}>
          <GroupEditor scope={inner} value={leaf.where} path={`${path}.where`} onChange={(where) => onChange({ ...leaf, where })} />
        </Box>
      )}
    </Stack>
  )
}
