import { Group, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Segment } from '../api/types'
import { useSaveDefinition } from '../api/queries'
import { FormDialog } from '../editing/FormDialog'
import { OwnerField, SelectField, TextField } from '../editing/inputs'
import { keptDraft, useWriting } from '../editing/kept'
import { useFormat } from '../format'
import { useMeta } from '../meta'

interface Props {
  segment?: Segment
  onSaved: (segment: Segment) => void
  onClose: () => void
}

const keyOf = (segment?: Segment) => `segments/${segment?.id ?? 'new'}`

/** Whether somebody was writing it when the page was left: then its window opens again. */
export const isHalfWritten = (segment?: Segment): boolean => keptDraft(keyOf(segment)) !== null

export function SegmentDialog({ segment, onSaved, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const save = useSaveDefinition<Segment>('segments', segment?.id)
  const stored = {
    name: segment?.name ?? '',
    type: segment?.type ?? meta.segment_types[0]?.value ?? null,
    status: segment?.status ?? meta.segment_statuses[0]?.value ?? null,
    owner: segment?.owner ?? meta.user.id,
    keeps_out: segment?.keeps_out ?? false,
  }
  const writing = useWriting(keyOf(segment), stored)
  const { draft, change } = writing
  const choices = (options: { value: string; label: object }[]) =>
    options.map(({ value, label }) => ({ value, label: format.label(label) || value }))
  const saved = (segment: Segment) => {
    writing.end()
    onSaved(segment)
  }
  return (
    <FormDialog
      title={segment?.name ?? t('segment.new')}
      writing={writing}
      save={save}
      submit={() => save.mutate(draft, { onSuccess: saved })}
      onClose={onClose}
    >
      <TextField path="name" label={t('segment.name')} required autoFocus value={draft.name} onChange={(name) => change({ name })} />
      <Group grow align="flex-start">
        <SelectField
          path="type"
          label={t('segment.type')}
          data={choices(meta.segment_types)}
          value={draft.type}
          onChange={(type) => change({ type })}
        />
        <SelectField
          path="status"
          label={t('segment.status')}
          data={choices(meta.segment_statuses)}
          value={draft.status}
          onChange={(status) => change({ status })}
        />
      </Group>
      <OwnerField path="owner" value={draft.owner} onChange={(owner) => owner && change({ owner })} />
      <Switch
        label={t('segment.keeps_out')}
        description={t('segment.keeps_out_hint')}
        checked={draft.keeps_out}
        onChange={({ currentTarget }) => change({ keeps_out: currentTarget.checked })}
      />
    </FormDialog>
  )
}
