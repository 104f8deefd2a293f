import { Alert, Button, Code, CopyButton, Group, Paper, ScrollArea, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCheck, IconCode, IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Definition, Json } from '../api/types'
import { plainValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { fieldOf, shown, useModule } from '../meta'
import { Await } from '../ui/Feedback'

interface FormField {
  field: string
  required?: boolean
  imposed?: Json
  reference?: string
}

export function FormPanel({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const format = useFormat()
  const module = useModule(String(definition.module ?? ''))
  const fields = (Array.isArray(definition.fields) ? definition.fields : []) as unknown as FormField[]
  return (
    <Stack>
      {definition.any_domain === true && <Alert color="yellow">{t('form.any_domain_warning')}</Alert>}
      <Paper>
        <Title order={2} fz="md" mb="sm">
          {t('form.fields')}
        </Title>
        <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('form.fields') } }}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('filter.field')}</Table.Th>
                <Table.Th>{t('form.required')}</Table.Th>
                <Table.Th>{t('form.imposed')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map((entry) => {
                const field = module && fieldOf(module, entry.field)
                return (
                  <Table.Tr key={entry.field}>
                    <Table.Td>{format.label(field?.label) || entry.field}</Table.Td>
                    <Table.Td>{t(entry.required || field?.required ? 'value.yes' : 'value.no')}</Table.Td>
                    <Table.Td>{shown(entry.imposed) && field ? plainValue(field, entry.imposed, format) : '—'}</Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Paper>
      <PasteIn id={definition.id} />
    </Stack>
  )
}

/** The API answers the snippet itself or an envelope {"html": …} around it. */
async function formHtml(id: string): Promise<string> {
  const text = await api.text(`/v1/forms/${id}/html`)
  return text.trimStart().startsWith('{') ? String((JSON.parse(text) as { html?: string }).html ?? '') : text
}

function PasteIn({ id }: { id: string }) {
  const { t } = useTranslation()
  const [shownHtml, { toggle }] = useDisclosure(false)
  const query = useQuery({ queryKey: ['forms', 'html', id], queryFn: () => formHtml(id), enabled: shownHtml })
  return (
    <Paper>
      <Group justify="space-between" mb="xs">
        <Title order={2} fz="md">
          {t('form.html')}
        </Title>
        <Button variant="light" leftSection={<IconCode size={16} />} aria-expanded={shownHtml} onClick={toggle}>
          {t(shownHtml ? 'form.hide' : 'form.show')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('form.html_hint')}
      </Text>
      {shownHtml && (
        <Await query={query}>
          {(html) => (
            <Stack gap="xs" align="flex-start">
              <CopyButton value={html}>
                {({ copied, copy }) => (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={copy}
                    leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                  >
                    {t(copied ? 'action.copied' : 'action.copy')}
                  </Button>
                )}
              </CopyButton>
              <ScrollArea.Autosize mah={420} w="100%" type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t('form.html') }}>
                <Code block>{html}</Code>
              </ScrollArea.Autosize>
            </Stack>
          )}
        </Await>
      )}
    </Paper>
  )
}
