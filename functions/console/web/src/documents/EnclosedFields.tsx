import { Anchor, Group, Input, MultiSelect, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useDefinitions } from '../api/queries'
import type { Definition } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { ENCLOSED, enclosedOf, joined, nounOf, type Enclosed, type Kind } from './enclosed'

interface Props {
  /** Where the two keys stand in the draft: `params.`, `tasks[0].params.`. */
  path?: string
  value: Enclosed
  onChange: (kind: Kind, ids: string[]) => void
  /** The mail template whose own documents go along in any case. */
  template?: string | null
  hint?: string
}

/** What goes along with a mail, chosen where the mail is ordered, and what all of it weighs. */
export function EnclosedFields({ path = '', value, onChange, template, hint }: Props) {
  return (
    <Stack gap="xs">
      {/* By the room that there is: the labels are long, and a window or half a page is narrow. */}
      <SimpleGrid type="container" cols={{ base: 1, '600px': 2 }} verticalSpacing="sm">
        {ENCLOSED.map((kind) => (
          <OneKind key={kind} kind={kind} path={path + kind} value={value[kind]} onChange={(ids) => onChange(kind, ids)} />
        ))}
      </SimpleGrid>
      {hint && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
      <Weight value={value} template={template ?? null} />
    </Stack>
  )
}

interface KindProps {
  kind: Kind
  path: string
  value: string[]
  onChange: (ids: string[]) => void
}

/** As the process screen of the source documents names it. */
function OneKind({ kind, path, value, onChange }: KindProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { documents, modules } = useMeta()
  const noun = nounOf(kind)
  const { data, isPending } = useDefinitions<Definition>(noun)
  const error = useErrorAt(path)
  const label = t(`property.${kind}`)
  if (!isPending && !data?.items.length && value.length === 0)
    return (
      <Input.Wrapper label={label} labelElement="div">
        <Text size="sm" c="dimmed">
          {t(`empty.${noun}.title`)}.{' '}
          <Anchor component={Link} to={`/${noun}/new`} target="_blank" size="sm">
            {t(`editor.new.${noun}`)}
          </Anchor>
        </Text>
      </Input.Wrapper>
    )
  const about = ({ size, module }: Definition) =>
    typeof size === 'number' ? format.bytes(size) : format.label(modules.find(({ id }) => id === module)?.label)
  return (
    <MultiSelect
      name={path}
      label={label}
      error={error}
      searchable
      clearable
      hidePickedOptions
      maxValues={documents.most}
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      nothingFoundMessage={t('list.nothing_found')}
      data={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: String(name ?? id) }))}
      renderOption={({ option }) => {
        const found = data?.items.find(({ id }) => id === option.value)
        return (
          <Group justify="space-between" gap="xs" wrap="nowrap" w="100%">
            <Text size="sm" truncate>
              {option.label}
            </Text>
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {found && about(found)}
            </Text>
          </Group>
        )
      }}
      value={value}
      onChange={onChange}
    />
  )
}

/** What the template brings beside it, and how much of what one mail takes is used up. */
function Weight({ value, template }: { value: Enclosed; template: string | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { mail_bytes, generated_bytes } = useMeta().documents
  const brought = useBrought(template)
  const nameOf = useNames()
  const files = useDefinitions<Definition>('documents').data?.items ?? []
  const all = joined(brought, value)
  const generated = all.document_templates.length
  if (all.documents.length + generated === 0) return null
  const sizes = all.documents.map((id) => Number(files.find((file) => file.id === id)?.size ?? 0))
  const total = sizes.reduce((sum, size) => sum + size, 0) + generated * generated_bytes
  const own = ENCLOSED.flatMap((kind) => brought[kind].map((id) => nameOf(kind, id)))
  return (
    <div>
      {own.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('document.brought', { documents: own.join(', ') })}
        </Text>
      )}
      <Text size="xs" c={total > mail_bytes ? 'red.9' : 'dimmed'} aria-live="polite">
        {t(total > mail_bytes ? 'document.too_heavy' : 'document.weight', {
          size: format.bytes(total),
          limit: format.bytes(mail_bytes),
        })}
        {generated > 0 && ` ${t('document.generated_counts', { size: format.bytes(generated_bytes) })}`}
      </Text>
    </div>
  )
}

/** What a mail template brings along by itself. */
export function useBrought(template: string | null): Enclosed {
  const templates = useDefinitions<Definition>('templates').data?.items
  return enclosedOf(template ? templates?.find(({ id }) => id === template) : undefined)
}

export function useNames(): (kind: Kind, id: string) => string {
  const items = {
    documents: useDefinitions<Definition>('documents').data?.items,
    document_templates: useDefinitions<Definition>('document-templates').data?.items,
  }
  return (kind, id) => String(items[kind]?.find((item) => item.id === id)?.name ?? id)
}
