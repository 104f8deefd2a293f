import { Button, Group, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json, Module } from '../api/types'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { fieldOf, useMeta } from '../meta'
import { ProblemAlert } from '../ui/Feedback'
import { Window } from '../ui/Window'
import { useMany, type Chosen, type ManyJob } from './many'

interface Props {
  module: Module
  opened: boolean
  count: number
  chosen: Chosen
  onClose: () => void
  onDone: (job: ManyJob) => void
}

export function MassEditDialog(props: Props) {
  const { t } = useTranslation()
  return (
    <Window opened={props.opened} onClose={props.onClose} title={t('many.edit_title')}>
      {props.opened && <Content {...props} />}
    </Window>
  )
}

const OWNER = 'owner'
const TAGS = 'tags'

/** One field, for all of them: what is laid over many at once should be easy to see. */
function Content({ module, count, chosen, onClose, onDone }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { users, groups } = useMeta()
  const { edit } = useMany(module.id)
  const [what, setWhat] = useState<string | null>(null)
  const [value, setValue] = useState<Json>(null)
  const field = what ? fieldOf(module, what) : undefined
  const choices = [
    ...module.fields.filter(({ readonly, unique }) => !readonly && !unique).map(({ id, label }) => ({ value: id, label: format.label(label) })),
    { value: OWNER, label: t('record.owner') },
    { value: TAGS, label: t('many.add_tags') },
  ]
  const change =
    what === OWNER ? { owner: String(value) } : what === TAGS ? { add_tags: (value ?? []) as string[] } : { values: { [String(what)]: value } }
  const ready = what !== null && ((what !== OWNER && what !== TAGS) || value !== null)
  const save = () =>
    edit.mutate(
      { ...chosen, ...change },
      {
        onSuccess: (job) => {
          onClose()
          onDone(job)
        },
      },
    )
  return (
    <Stack>
      <Text size="sm">{t('many.edit_text', { number: format.integer(count) })}</Text>
      {edit.error && <ProblemAlert error={edit.error} />}
      <Select
        label={t('many.field')}
        data={choices}
        value={what}
        searchable
        data-autofocus
        openOnFocus={false}
        onChange={(next) => {
          setWhat(next)
          setValue(null)
        }}
      />
      {field && <FieldInput field={{ ...field, required: false }} value={value} onChange={setValue} />}
      {what === OWNER && (
        <Select
          label={t('record.owner')}
          data={[...users, ...groups].map(({ id, name }) => ({ value: id, label: name }))}
          value={value as string | null}
          onChange={setValue}
        />
      )}
      {what === TAGS && <TagsInput label={t('record.tags')} value={(value ?? []) as string[]} onChange={setValue} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button disabled={!ready} loading={edit.isPending} onClick={save}>
          {t('many.edit_start', { number: format.integer(count) })}
        </Button>
      </Group>
    </Stack>
  )
}
