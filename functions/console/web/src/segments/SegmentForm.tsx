import { Button, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import type { Segment } from '../api/types'
import { useSaveDefinition } from '../api/queries'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { ProblemAlert } from '../ui/Feedback'

interface Props {
  segment?: Segment
  onSaved: (segment: Segment) => void
  onCancel: () => void
}

export function SegmentForm({ segment, onSaved, onCancel }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const save = useSaveDefinition<Segment>('segments', segment?.id)
  const [draft, setDraft] = useState({
    name: segment?.name ?? '',
    type: segment?.type ?? meta.segment_types[0]?.value ?? null,
    status: segment?.status ?? meta.segment_statuses[0]?.value ?? null,
    owner: segment?.owner ?? meta.user.id,
    keeps_out: segment?.keeps_out ?? false,
  })
  const refused = save.error instanceof Problem ? save.error.errors : []
  // A name that another segment holds comes as "values.name", like a unique field of a record.
  const errors = Object.fromEntries(refused.map(({ path, message }) => [path.replace(/^values\./, ''), message]))
  const placed = Object.keys(errors).some((path) => path in draft)
  const choices = (options: { value: string; label: object }[]) =>
    options.map(({ value, label }) => ({ value, label: format.label(label) || value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(draft, { onSuccess: onSaved })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {save.error && !placed && <ProblemAlert error={save.error} />}
        <TextInput
          data-autofocus
          label={t('segment.name')}
          name="name"
          required
          value={draft.name}
          error={errors.name}
          onChange={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
        />
        <Group grow align="flex-start">
          <Select
            label={t('segment.type')}
            name="type"
            allowDeselect={false}
            data={choices(meta.segment_types)}
            value={draft.type}
            error={errors.type}
            onChange={(type) => setDraft({ ...draft, type })}
          />
          <Select
            label={t('segment.status')}
            name="status"
            allowDeselect={false}
            data={choices(meta.segment_statuses)}
            value={draft.status}
            error={errors.status}
            onChange={(status) => setDraft({ ...draft, status })}
          />
        </Group>
        <Select
          label={t('record.owner')}
          name="owner"
          allowDeselect={false}
          searchable
          data={[...meta.users, ...meta.groups].map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.owner}
          error={errors.owner}
          onChange={(owner) => owner && setDraft({ ...draft, owner })}
        />
        <Switch
          label={t('segment.keeps_out')}
          description={t('segment.keeps_out_hint')}
          checked={draft.keeps_out}
          onChange={({ currentTarget }) => setDraft({ ...draft, keeps_out: currentTarget.checked })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
