import { Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Json } from '../api/types'
import { moved, type FieldsProps } from '../editing/draft'
import { useErrorAt } from '../editing/errors'
import { SelectField, TextField } from '../editing/inputs'
import { MergeTags } from '../editing/MergeTags'
import { useFormat } from '../format'
import { LANGUAGES } from '../i18n'
import { useMeta } from '../meta'
import { PartFields } from './PartFields'
import { blankPart, partsOf, type Part } from './parts'

/** The input that had the cursor last, and what puts text into it. */
export type Cursor = { input: HTMLInputElement | HTMLTextAreaElement; write: (text: string) => void } | null

export function DocumentTemplateFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  const error = useErrorAt('parts')
  const cursor = useRef<Cursor>(null)
  const parts = partsOf(draft.parts)
  const write = (next: Part[]) => change({ parts: next as unknown as Json })
  const insert = (tag: string) => {
    if (!cursor.current) return
    const { input, write: put } = cursor.current
    const at = input.selectionStart ?? input.value.length
    put(input.value.slice(0, at) + tag + input.value.slice(input.selectionEnd ?? at))
    requestAnimationFrame(() => {
      input.focus()
      input.setSelectionRange(at + tag.length, at + tag.length)
    })
  }
  return (
    <Stack>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
          <TextField
            path="file"
            description={t('document.file_hint')}
            value={draft.file}
            onChange={(file) => change({ file })}
          />
          <SelectField
            path="module"
            required
            description={t('document.module_hint')}
            data={modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
            value={draft.module}
            onChange={(module) => change({ module })}
          />
          <SelectField
            path="language"
            data={LANGUAGES.map((value) => ({ value, label: t(`word.language.${value}`) }))}
            value={draft.language}
            onChange={(language) => change({ language })}
          />
        </SimpleGrid>
      </Paper>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed">
          {t('document.head_hint')}
        </Text>
        <MergeTags onPick={insert} />
      </Group>
      {parts.map((part, index) => (
        <PartFields
          key={index}
          part={part}
          path={`parts[${index}]`}
          number={index + 1}
          onCursor={(found) => {
            cursor.current = found
          }}
          onChange={(next) => write(parts.map((each, place) => (place === index ? next : each)))}
          onRemove={() => write(parts.filter((_, place) => place !== index))}
          onUp={index > 0 ? () => write(moved(parts, index, -1)) : undefined}
          onDown={index < parts.length - 1 ? () => write(moved(parts, index, 1)) : undefined}
        />
      ))}
      {error && parts.length === 0 && (
        <Text size="sm" c="red.9">
          {error}
        </Text>
      )}
      <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => write([...parts, blankPart('paragraph')])}>
        {t('document.add_part')}
      </Button>
    </Stack>
  )
}
