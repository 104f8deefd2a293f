import { Alert, Box, Button, Code, Group, List, Paper, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconSend } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Definition } from '../api/types'
import { AttachedList } from '../documents/AttachedList'
import type { Attached } from '../documents/enclosed'
import { RelationInput } from '../fields/RelationInput'
import { RECIPIENTS, useMayWrite, useMeta } from '../meta'
import { tell, warn } from '../ui/confirm'
import { Await, useProblemText } from '../ui/Feedback'

interface Preview {
  subject: string
  html: string
  text: string
  warnings?: { message: string }[]
  attachments?: Attached[]
}

const WIDTHS = { desktop: '100%', mobile: 375, text: '100%' }
type View = keyof typeof WIDTHS

export function TemplatePanel({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const [view, setView] = useState<View>('desktop')
  const [as, setAs] = useState<string | null>(null)
  const [recipients = ''] = RECIPIENTS
  const query = useQuery({
    queryKey: ['templates', 'preview', definition.id, definition.version, as],
    queryFn: () =>
      api.post<Preview>(`/v1/templates/${definition.id}/preview`, as ? { record: { module: recipients, id: as } } : {}),
    placeholderData: keepPreviousData,
  })
  return (
    <Paper>
      <Group justify="space-between" mb="sm">
        <Title order={2} fz="md">
          {t('template.preview')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('template.view')}
          value={view}
          onChange={(next) => setView(next as View)}
          data={Object.keys(WIDTHS).map((value) => ({ value, label: t(`template.${value}`) }))}
        />
      </Group>
      <Box mb="sm" maw={360}>
        <RelationInput module={recipients} value={as} onChange={setAs} label={t('template.preview_as')} />
      </Box>
      <Await query={query}>
        {(preview) => (
          <Stack>
            {preview.warnings && preview.warnings.length > 0 && (
              <Alert
                color="yellow"
                icon={<IconAlertTriangle />}
                title={t('template.warnings')}
                p="sm"
                styles={{ title: { color: 'var(--mantine-color-gray-9)' } }}
              >
                <List size="sm">
                  {preview.warnings.map(({ message }, index) => (
                    <List.Item key={index}>{message}</List.Item>
                  ))}
                </List>
              </Alert>
            )}
            <Text size="sm">
              <Text span c="dimmed" size="sm">
                {t('property.subject')}:{' '}
              </Text>
              {preview.subject}
            </Text>
            {preview.attachments && preview.attachments.length > 0 && (
              <div>
                <Text c="dimmed" size="sm" mb={4}>
                  {t('template.attachments')}:
                </Text>
                <AttachedList rows={preview.attachments} label={t('template.attachments')} origin={false} />
              </div>
            )}
            {view === 'text' ? (
              <Code block style={{ whiteSpace: 'pre-wrap' }}>
                {preview.text}
              </Code>
            ) : (
              <iframe
                title={t('template.preview')}
                // No permission at all: the mail is somebody's text, it must not run or reach anything here.
                sandbox=""
                srcDoc={preview.html}
                style={{
                  width: WIDTHS[view],
                  maxWidth: '100%',
                  height: 620,
                  margin: '0 auto',
                  display: 'block',
                  border: '1px solid var(--mantine-color-gray-3)',
                  borderRadius: 8,
                  background: 'white',
                }}
              />
            )}
          </Stack>
        )}
      </Await>
      <TestSend id={definition.id} record={as ? { module: recipients, id: as } : undefined} />
    </Paper>
  )
}

/** The test is what the preview shows: for the same record, or for somebody invented. */
function TestSend({ id, record }: { id: string; record?: { module: string; id: string } }) {
  const { t } = useTranslation()
  const { user } = useMeta()
  const problemText = useProblemText()
  const [to, setTo] = useState(user.email)
  const sending = useMutation({ mutationFn: () => api.post(`/v1/templates/${id}/test`, { to, ...(record && { record }) }) })
  if (!useMayWrite()) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    sending.mutate(undefined, {
      onSuccess: () => tell(t('template.test_sent', { to })),
      onError: (error) => warn(problemText(error)),
    })
  }
  return (
    <Group component="form" mt="md" align="flex-end" gap="xs" onSubmit={submit as never}>
      <TextInput
        type="email"
        required
        label={t('template.test_to')}
        value={to}
        onChange={({ currentTarget }) => setTo(currentTarget.value)}
        flex={{ base: 1, sm: '0 1 320px' }}
      />
      <Button type="submit" variant="light" leftSection={<IconSend size={16} />} loading={sending.isPending}>
        {t('template.test')}
      </Button>
    </Group>
  )
}
