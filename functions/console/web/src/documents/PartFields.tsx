import { ActionIcon, Group, Paper, Select, Stack, Textarea, TextInput, Title } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { FocusEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorAt } from '../editing/errors'
import { useMeta } from '../meta'
import type { Cursor } from './DocumentTemplateFields'
import { LinesFields } from './LinesFields'
import { blankPart, type Part } from './parts'

interface Props {
  part: Part
  path: string
  number: number
  onCursor: (cursor: Cursor) => void
  onChange: (part: Part) => void
  onRemove: () => void
  onUp?: () => void
  onDown?: () => void
}

export function PartFields({ part, path, number, onCursor, onChange, onRemove, onUp, onDown }: Props) {
  const { t } = useTranslation()
  const { choices } = useMeta()
  const error = useErrorAt(`${path}.text`)
  const title = `${t('document.part')} ${number}`
  const text = {
    name: `${path}.text`,
    label: t('property.text'),
    required: true,
    value: part.text ?? '',
    error,
    onFocus: ({ currentTarget }: FocusEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onCursor({ input: currentTarget, write: (next) => onChange({ ...part, text: next }) }),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange({ ...part, text: currentTarget.value }),
  }
  return (
    <Paper component="section" aria-label={title}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Title order={2} fz="md">
          {title}
        </Title>
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="subtle" color="gray.7" disabled={!onUp} aria-label={`${t('editor.up')}: ${title}`} onClick={onUp}>
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray.7" disabled={!onDown} aria-label={`${t('editor.down')}: ${title}`} onClick={onDown}>
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red.9" aria-label={`${t('editor.take_out')}: ${title}`} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <Stack gap="sm">
        <Select
          label={t('property.kind')}
          maw={320}
          allowDeselect={false}
          data={(choices.document_part ?? []).map((value) => ({ value, label: t(`word.part.${value}`) }))}
          value={part.kind}
          onChange={(kind) => kind && kind !== part.kind && onChange(blankPart(kind, part.text))}
        />
        {part.kind === 'lines' ? (
          <LinesFields part={part} path={path} onCursor={onCursor} onChange={onChange} />
        ) : part.kind === 'paragraph' ? (
          <Textarea {...text} autosize minRows={2} maxRows={14} />
        ) : (
          <TextInput {...text} />
        )}
      </Stack>
    </Paper>
  )
}
