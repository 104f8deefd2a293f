import { Anchor, Group, List, Text, ThemeIcon } from '@mantine/core'
import { IconFileTypePdf, IconPaperclip } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '../format'
import { nounOf, type Attached } from './enclosed'

interface Props {
  rows: Attached[]
  label: string
  /** Whether it is worth saying that the template brought it. */
  origin?: boolean
}

/** What goes or went along with a mail: each with its size, where it comes from, and the way to its page. */
export function AttachedList({ rows, label, origin = true }: Props) {
  return (
    <List listStyleType="none" spacing={6} aria-label={label} styles={{ itemWrapper: { alignItems: 'flex-start' } }}>
      {rows.map((row) => (
        <List.Item
          key={`${row.kind}.${row.id ?? row.file}`}
          icon={
            <ThemeIcon variant="light" size={24} radius="sm" aria-hidden>
              {row.kind === 'document_templates' ? <IconFileTypePdf size={15} /> : <IconPaperclip size={15} />}
            </ThemeIcon>
          }
        >
          <One row={row} origin={origin} />
        </List.Item>
      ))}
    </List>
  )
}

function One({ row: { kind, id, from, name, file, size }, origin }: { row: Attached; origin: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const page = kind !== 'files' && id && name && `/${nounOf(kind)}/${id}`
  const shown = (kind === 'document_templates' ? file?.includes('{') && name : null) || file || t('document.gone')
  const notes = [
    size !== null && format.bytes(size),
    kind === 'document_templates' && name && t('document.generated_from', { name }),
    origin && from === 'template' && t('document.from_template'),
  ].filter(Boolean)
  return (
    <Group gap="xs" style={{ rowGap: 0 }}>
      {page ? (
        <Anchor component={Link} to={page} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {shown}
        </Anchor>
      ) : (
        <Text size="sm" c={name ? undefined : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
          {shown}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {notes.join(' · ')}
      </Text>
    </Group>
  )
}
