import { Alert, Box, Button, Group, List, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconFileTypePdf } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Definition } from '../api/types'
import { save } from '../exchange/upload'
import { RelationInput } from '../fields/RelationInput'
import { useFormat } from '../format'
import { useModule } from '../meta'
import { ProblemAlert } from '../ui/Feedback'
import { partsOf, type Part } from './parts'

/** What it says, and the document that a record would get. */
export function DocumentTemplatePanel({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const warnings = (Array.isArray(definition.warnings) ? definition.warnings : []) as unknown as { message: string }[]
  return (
    <Paper>
      <Title order={2} fz="md" mb="sm">
        {t('document.parts')}
      </Title>
      <Stack>
        {warnings.length > 0 && (
          <Alert color="yellow" icon={<IconAlertTriangle />} title={t('template.warnings')} p="sm" styles={{ title: { color: 'var(--mantine-color-gray-9)' } }}>
            <List size="sm">
              {warnings.map(({ message }, index) => (
                <List.Item key={index}>{message}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        {partsOf(definition.parts).map((part, index) => (
          <PartView key={index} part={part} />
        ))}
        <Preview key={String(definition.version)} definition={definition} />
      </Stack>
    </Paper>
  )
}

const SIZES: Record<string, string> = { title: 'lg', heading: 'md' }

function PartView({ part }: { part: Part }) {
  const { t } = useTranslation()
  if (part.kind !== 'lines')
    return (
      <Text fz={SIZES[part.kind] ?? 'sm'} fw={part.kind in SIZES ? 700 : undefined} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {part.text}
      </Text>
    )
  const align = (index: number) => part.columns?.[index]?.align as 'left' | 'right' | 'center' | undefined
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('word.part.lines') } }}>
      <Table fz="xs">
        <Table.Thead>
          <Table.Tr>
            {part.columns?.map(({ title }, index) => (
              <Table.Th key={index} ta={align(index)}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {part.rows?.map((row, index) => (
            <Table.Tr key={index}>
              {row.map((cell, column) => (
                <Table.Td key={column} ta={align(column)}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {part.each && <Table.Caption>{t('document.each_of', { each: part.each })}</Table.Caption>}
      </Table>
    </Table.ScrollContainer>
  )
}

function Preview({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const format = useFormat()
  const module = useModule(String(definition.module ?? ''))
  const [as, setAs] = useState<string | null>(null)
  const making = useMutation({
    mutationFn: () =>
      api.file(`/v1/document-templates/${definition.id}/preview`, { record: as && module ? `${module.id}/${as}` : null }),
    onSuccess: save,
  })
  if (!module) return null
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('document.preview_hint')}
      </Text>
      <Group align="flex-end" gap="xs">
        <Box flex={{ base: '1 1 100%', sm: '0 1 340px' }}>
          <RelationInput
            module={module.id}
            value={as}
            onChange={setAs}
            label={t('document.preview_as', { module: format.label(module.label_one).toLocaleLowerCase(format.language) })}
          />
        </Box>
        <Button variant="light" leftSection={<IconFileTypePdf size={16} />} loading={making.isPending} onClick={() => making.mutate()}>
          {t('document.preview')}
        </Button>
      </Group>
      {making.error && <ProblemAlert error={making.error} />}
    </Stack>
  )
}
