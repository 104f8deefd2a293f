import { Group, Paper, SegmentedControl, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useRef, type FocusEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { enclosedOf } from '../documents/enclosed'
import { EnclosedFields } from '../documents/EnclosedFields'
import { LANGUAGES } from '../i18n'
import type { FieldsProps } from './draft'
import { useErrorAt } from './errors'
import { ChoiceField, SelectField, TextField } from './inputs'
import { MergeTags } from './MergeTags'

type Part = 'subject' | 'mjml' | 'html' | 'text'
type Input = HTMLInputElement | HTMLTextAreaElement

const BODIES: Part[] = ['mjml', 'html']

export function TemplateFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation()
  const body = typeof draft.html === 'string' ? 'html' : 'mjml'
  const errors = { subject: useErrorAt('subject'), [body]: useErrorAt(body), text: useErrorAt('text') }
  // A merge tag goes where the cursor was last.
  const last = useRef<{ part: Part; input: Input } | null>(null)
  const written = (part: Part) => String(draft[part] ?? '')
  const shared = (part: Part) => ({
    name: part,
    label: t(`property.${part}`),
    error: errors[part],
    value: written(part),
    onFocus: ({ currentTarget }: FocusEvent<Input>) => {
      last.current = { part, input: currentTarget }
    },
    onChange: ({ currentTarget }: { currentTarget: Input }) => change({ [part]: currentTarget.value }),
  })
  const insert = (tag: string) => {
    const part = last.current?.part ?? (body as Part)
    const text = written(part)
    const at = last.current?.input.selectionStart ?? text.length
    change({ [part]: text.slice(0, at) + tag + text.slice(last.current?.input.selectionEnd ?? at) })
    const { input } = last.current ?? {}
    requestAnimationFrame(() => {
      input?.focus()
      input?.setSelectionRange(at + tag.length, at + tag.length)
    })
  }
  return (
    <Paper>
      <Stack gap="sm">
        <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <ChoiceField
            path="class"
            choice="message_class"
            words="word.class"
            description={t('editor.class_hint')}
            value={draft.class}
            onChange={(value) => change({ class: value })}
          />
          <SelectField
            path="language"
            data={LANGUAGES.map((value) => ({ value, label: t(`word.language.${value}`) }))}
            value={draft.language}
            onChange={(language) => change({ language })}
          />
        </SimpleGrid>
        <TextInput {...shared('subject')} required />
        <Group justify="space-between" gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('template.written_in')}
            value={body}
            onChange={(next) => next !== body && change({ [next]: written(body as Part), [body]: null })}
            data={BODIES.map((value) => ({ value, label: t(`property.${value}`) }))}
          />
          <MergeTags onPick={insert} />
        </Group>
        <Textarea
          {...shared(body as Part)}
          required
          autosize
          minRows={16}
          maxRows={32}
          spellCheck={false}
          styles={{ input: { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', fontSize: 13 } }}
        />
        <Textarea {...shared('text')} description={t('template.text_hint')} autosize minRows={2} maxRows={12} />
        <EnclosedFields
          hint={t('template.attachments_hint')}
          value={enclosedOf(draft)}
          onChange={(kind, ids) => change({ [kind]: ids })}
        />
      </Stack>
    </Paper>
  )
}
