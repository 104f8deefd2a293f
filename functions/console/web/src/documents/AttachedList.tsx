import { Anchor, Button, Group, List, Text, ThemeIcon } from '@mantine/core'
import { IconDownload, IconFileTypePdf, IconPaperclip } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import { save } from '../exchange/upload'
import { useFormat } from '../format'
import { warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import { nounOf, type Attached } from './enclosed'

interface Props {
  rows: Attached[]
  label: string
  /** Whether it is worth saying that the template brought it. */
  origin?: boolean
  /** The message that they went along with: what was generated for it can be made again. */
  message?: string
}

/** What goes or went along with a mail: each with its size, where it comes from, and the way to its page. */
export function AttachedList({ rows, label, origin = true, message }: Props) {
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
          {message && row.kind === 'document_templates' && row.name && <MakeAgain path={`/v1/messages/${message}/documents/${row.id}`} />}
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
        <Anchor component={Link} to={page} size="sm" lh={1.9} style={{ overflowWrap: 'anywhere' }}>
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

/** It is kept nowhere: what is saved is made of what is known now. */
function MakeAgain({ path }: { path: string }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const making = useMutation({
    mutationFn: () => api.file(path),
    onSuccess: save,
    onError: (error) => warn(problemText(error)),
  })
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      px={0}
      mt={4}
      leftSection={<IconDownload size={14} />}
      loading={making.isPending}
      onClick={() => making.mutate()}
    >
      {t('document.make_again')}
    </Button>
  )
}
