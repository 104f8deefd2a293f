import { ActionIcon, Checkbox, Group, Paper, SimpleGrid, Stack, Switch, Title } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Json, Module, Values } from '../api/types'
import { ConditionEditor } from '../conditions/ConditionEditor'
import { ENCLOSED, enclosedOf } from '../documents/enclosed'
import { EnclosedFields } from '../documents/EnclosedFields'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { SelectField, TextField, WholeNumber } from './inputs'
import { ParamField } from './ParamField'

export interface Task {
  type: string
  name: string
  active?: boolean
  params: Values
  delay?: Record<string, number> | null
  condition?: Condition | null
}

interface Props {
  task: Task
  path: string
  number: number
  module: Module
  /** Whether there is a change whose value before can be asked about; a task that waits is judged long after it. */
  past: boolean
  onChange: (task: Task) => void
  onRemove: () => void
  onUp?: () => void
  onDown?: () => void
}

const isEnclosed = (name: string) => ENCLOSED.some((kind) => kind === name)

const without = (values: Values, name: string): Values =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key !== name))

/** One task: what it does, to whom, after how long, and under which condition of its own. */
export function TaskFields({ task, path, number, module, past, onChange, onRemove, onUp, onDown }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const [conditional, setConditional] = useState(Boolean(task.condition))
  const type = meta.task_types.find(({ id }) => id === task.type)
  const target = module.targets.find(({ id }) => id === task.params.target) ?? module.targets[0]
  // A task that makes records says of which module; any other writes to whom it acts on.
  const written = type?.params.some(({ kind }) => kind === 'module') ? task.params.module : target?.module
  const valuesModule = meta.modules.find(({ id }) => id === written)
  const write = (name: string, value: Json) =>
    onChange({ ...task, params: value === null ? without(task.params, name) : { ...task.params, [name]: value } })
  const wait = (unit: string, count: number) => {
    const delay = Object.fromEntries(Object.entries({ ...task.delay, [unit]: count }).filter(([, each]) => each !== 0))
    onChange({ ...task, delay: Object.keys(delay).length > 0 ? delay : null })
  }
  const title = `${t('workflow.task')} ${number}`
  return (
    <Paper component="section" aria-label={title}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Title order={2} fz="md">
          {title}
        </Title>
        <Group gap={4} wrap="nowrap">
          <Switch
            size="xs"
            mr="xs"
            label={t('property.active')}
            checked={task.active !== false}
            onChange={({ currentTarget }) => onChange({ ...task, active: currentTarget.checked })}
          />
          <ActionIcon variant="subtle" color="gray.7" disabled={!onUp} aria-label={t('editor.up')} onClick={onUp}>
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray.7" disabled={!onDown} aria-label={t('editor.down')} onClick={onDown}>
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red.9" aria-label={t('workflow.remove_task', { number })} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
        <SelectField
          path={`${path}.type`}
          required
          data={meta.task_types.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={task.type}
          onChange={(id) => id && onChange({ ...task, type: id, params: {} })}
        />
        <TextField
          path={`${path}.name`}
          placeholder={format.label(type?.label)}
          value={task.name}
          onChange={(name) => onChange({ ...task, name })}
        />
        {type?.params.filter(({ name }) => !isEnclosed(name)).map((param) => (
          <ParamField
            key={param.name}
            param={param}
            path={`${path}.params.${param.name}`}
            value={task.params[param.name]}
            module={valuesModule}
            onChange={(value) => write(param.name, value)}
          />
        ))}
        {module.targets.length > 1 && (
          <SelectField
            path={`${path}.params.target`}
            data={module.targets.map(({ id }) => ({ value: id, label: t(`word.target.${id}`) }))}
            value={target?.id}
            onChange={(id) => write('target', id)}
          />
        )}
      </SimpleGrid>
      <Stack gap="sm" mt="sm">
        {type?.params.some(({ name }) => isEnclosed(name)) && (
          <EnclosedFields
            path={`${path}.params.`}
            value={enclosedOf(task.params)}
            template={task.params.template_id ? String(task.params.template_id) : null}
            onChange={(kind, ids) => write(kind, ids.length > 0 ? ids : null)}
          />
        )}
        <Group grow maw={480} align="flex-start">
          {['days', 'hours', 'minutes'].map((unit) => (
            <WholeNumber
              key={unit}
              path={`${path}.delay.${unit}`}
              label={t(`editor.wait_${unit}`)}
              min={0}
              value={task.delay?.[unit] ?? 0}
              onChange={(count) => wait(unit, count)}
            />
          ))}
        </Group>
        <Checkbox
          label={t('workflow.own_condition')}
          checked={conditional}
          onChange={({ currentTarget }) => {
            setConditional(currentTarget.checked)
            if (!currentTarget.checked) onChange({ ...task, condition: null })
          }}
        />
        {conditional && (
          <ConditionEditor
            module={module}
            value={task.condition ?? null}
            onChange={(condition) => onChange({ ...task, condition })}
            path={`${path}.condition`}
            past={past && !task.delay}
          />
        )}
      </Stack>
    </Paper>
  )
}
