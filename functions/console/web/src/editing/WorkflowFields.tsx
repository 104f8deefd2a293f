import { Button, Paper, SimpleGrid, Stack, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Condition, Definition, Json, Module, Values } from '../api/types'
import { ConditionSection } from '../conditions/ConditionSection'
import { ConditionEditor } from '../conditions/ConditionEditor'
import { WorkflowPanel } from '../definitions/WorkflowPanel'
import { useFormat } from '../format'
import { useMeta, useModule } from '../meta'
import { moved, objectOf, type FieldsProps } from './draft'
import { SelectField, TextField } from './inputs'
import { ModuleField } from './ModuleField'
import { ParamField } from './ParamField'
import { TaskFields, type Task } from './TaskFields'

export function WorkflowFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation()
  const meta = useMeta()
  const module = useModule(String(draft.module ?? ''))
  const tasks = (Array.isArray(draft.tasks) ? draft.tasks : []) as unknown as Task[]
  // Most triggers follow a change; with the others there is no value before to ask about.
  const past = meta.triggers.find(({ id }) => id === objectOf(draft.trigger).on)?.past ?? false
  const setTasks = (next: Task[]) => change({ tasks: next as unknown as Json })
  return (
    <>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
          <ModuleField value={draft.module} onChange={(id) => change({ module: id, condition: null })} />
          <TriggerFields module={module} trigger={objectOf(draft.trigger)} onChange={(trigger) => change({ trigger })} />
          <Switch
            mt={{ base: 0, sm: 30 }}
            label={t('property.active')}
            checked={draft.active !== false}
            onChange={({ currentTarget }) => change({ active: currentTarget.checked })}
          />
        </SimpleGrid>
      </Paper>
      {module && (
        <>
          <ConditionSection>
            <ConditionEditor
              module={module}
              value={(draft.condition ?? null) as Condition | null}
              onChange={(condition) => change({ condition: condition as Json })}
              path="condition"
              past={past}
            />
          </ConditionSection>
          <Stack gap="sm">
            {tasks.map((task, index) => (
              <TaskFields
                key={index}
                task={task}
                path={`tasks[${index}]`}
                number={index + 1}
                module={module}
                past={past}
                onChange={(next) => setTasks(tasks.map((old, at) => (at === index ? next : old)))}
                onRemove={() => setTasks(tasks.filter((_, at) => at !== index))}
                onUp={index > 0 ? () => setTasks(moved(tasks, index, -1)) : undefined}
                onDown={index < tasks.length - 1 ? () => setTasks(moved(tasks, index, 1)) : undefined}
              />
            ))}
            <Button
              variant="light"
              style={{ alignSelf: 'flex-start' }}
              leftSection={<IconPlus size={16} />}
              onClick={() => setTasks([...tasks, { type: meta.task_types[0]?.id ?? '', name: '', active: true, params: {} }])}
            >
              {t('workflow.add_task')}
            </Button>
          </Stack>
        </>
      )}
      <WorkflowPanel definition={{ id: '', ...draft } as Definition} />
    </>
  )
}

interface TriggerProps {
  module: Module | undefined
  trigger: Values
  onChange: (trigger: Values) => void
}

function TriggerFields({ module, trigger, onChange }: TriggerProps) {
  const format = useFormat()
  const { triggers } = useMeta()
  const param = triggers.find(({ id }) => id === trigger.on)?.param
  // Records of most modules are linked with no others.
  const links = module?.related?.some(({ linked }) => linked)
  const possible = triggers.filter(({ id, param }) => links || id === trigger.on || param?.kind !== 'linked_module')
  return (
    <Stack gap="xs">
      <SelectField
        path="trigger.on"
        name="trigger"
        required
        data={possible.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
        value={trigger.on}
        onChange={(on) => onChange({ on })}
      />
      {param && (
        <ParamField
          param={param}
          module={module}
          path={`trigger.${param.name}`}
          value={trigger[param.name]}
          onChange={(value) => onChange(value === null ? { on: trigger.on ?? null } : { ...trigger, [param.name]: value })}
        />
      )}
    </Stack>
  )
}
