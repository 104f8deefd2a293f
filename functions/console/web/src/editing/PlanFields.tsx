import { ActionIcon, Group, Paper, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDefinitions } from '../api/queries'
import { useWhen } from '../definitions/when'
import { moved, type FieldsProps } from './draft'
import { useErrorAt } from './errors'
import { ChoiceField, DayField, TextField } from './inputs'

export function PlanFields({ draft, change }: FieldsProps) {
  const dated = draft.status === 'between'
  return (
    <>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
          <ChoiceField
            path="status"
            choice="plan_status"
            words="state"
            required
            value={draft.status}
            onChange={(status) => change(status === 'between' ? { status } : { status, from: null, to: null })}
          />
          {dated && <DayField path="from" required value={draft.from} onChange={(from) => change({ from })} />}
          {dated && <DayField path="to" required value={draft.to} onChange={(to) => change({ to })} />}
        </SimpleGrid>
      </Paper>
      <OrderedActions
        chosen={Array.isArray(draft.scheduled_actions) ? draft.scheduled_actions.map(String) : []}
        onChange={(scheduled_actions) => change({ scheduled_actions })}
      />
    </>
  )
}

function OrderedActions({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation()
  const inWords = useWhen()
  const error = useErrorAt('scheduled_actions')
  const known = useDefinitions('scheduled-actions').data?.items ?? []
  const nameOf = (id: string) => String(known.find((each) => each.id === id)?.reference ?? id)
  return (
    <Paper>
      <Title order={2} fz="md" mb="sm">
        {t('property.scheduled_actions')}
      </Title>
      <Stack gap="xs" component="ol" m={0} p={0} mb="sm" style={{ listStyle: 'none' }}>
        {chosen.map((id, index) => (
          <Group key={id} component="li" wrap="nowrap" justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {index + 1}. {nameOf(id)}
              </Text>
              <Text size="xs" c="dimmed">
                {inWords(known.find((each) => each.id === id)?.when)}
              </Text>
            </div>
            <Group gap={4} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray.7"
                disabled={index === 0}
                aria-label={`${t('editor.up')}: ${nameOf(id)}`}
                onClick={() => onChange(moved(chosen, index, -1))}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray.7"
                disabled={index === chosen.length - 1}
                aria-label={`${t('editor.down')}: ${nameOf(id)}`}
                onClick={() => onChange(moved(chosen, index, 1))}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red.9"
                aria-label={`${t('editor.take_out')}: ${nameOf(id)}`}
                onClick={() => onChange(chosen.filter((each) => each !== id))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          </Group>
        ))}
      </Stack>
      <Select
        maw={420}
        aria-label={t('editor.add_scheduled_action')}
        placeholder={t('editor.add_scheduled_action')}
        searchable
        nothingFoundMessage={t('list.nothing_found')}
        data={known.filter(({ id }) => !chosen.includes(id)).map(({ id }) => ({ value: id, label: nameOf(id) }))}
        value={null}
        error={error}
        onChange={(id) => id && onChange([...chosen, id])}
      />
    </Paper>
  )
}
