import { Select, SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Condition, Segment } from '../api/types'
import { useDefinitions } from '../api/queries'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import type { SegmentLeaf } from './tree'

/** Whether somebody is a member of a segment, by whatever source. */
export function SegmentRow({ leaf, path, onChange }: { leaf: SegmentLeaf; path: string; onChange: (leaf: Condition) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { conditions } = useMeta()
  const segments = useDefinitions<Segment>('segments').data?.items ?? []
  const segmentError = useErrorAt(`${path}.segment`)
  const operatorError = useErrorAt(`${path}.op`)
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing={6}>
      <Select
        aria-label={t('condition.membership')}
        allowDeselect={false}
        data={conditions.membership.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
        value={leaf.op ?? conditions.membership[0]?.id ?? null}
        error={operatorError}
        onChange={(op) => op && onChange({ ...leaf, op })}
      />
      <Select
        aria-label={t('condition.segment')}
        placeholder={t('condition.segment')}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('list.nothing_found')}
        data={segments.map(({ id, name }) => ({ value: id, label: name }))}
        value={leaf.segment || null}
        error={segmentError}
        onChange={(segment) => segment && onChange({ ...leaf, segment })}
      />
    </SimpleGrid>
  )
}
