import { Paper, Stack, Text, Timeline, Title } from '@mantine/core'
import { IconBolt, IconFilter, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Condition, Definition, Json, Values } from '../api/types'
import { useSentence } from '../conditions/sentence'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { StateBadge } from '../ui/StateBadge'
import { Properties } from './Properties'
import { useWhen } from './when'

interface Task {
  type: string
  name?: string
  active?: boolean
  delay?: Json
  condition?: Condition | null
  params?: Values
}

/** The workflow read aloud: when, if, then. */
export function WorkflowPanel({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const when = useWhen()
  const module = String(definition.module ?? '')
  const condition = (definition.condition ?? null) as Condition | null
  const tasks = (Array.isArray(definition.tasks) ? definition.tasks : []) as unknown as Task[]
  return (
    <Paper>
      <Title order={2} fz="md" mb="md">
        {t('workflow.story')}
      </Title>
      <Timeline bulletSize={24} lineWidth={2} styles={{ itemTitle: { lineHeight: 1.35 } }} active={tasks.length + 2}>
        <Timeline.Item bullet={<IconBolt size={13} aria-hidden />} title={t('workflow.when')}>
          <Text size="sm">{when(definition.trigger, module)}</Text>
          <Properties values={(definition.trigger ?? {}) as Values} hide={['on']} />
        </Timeline.Item>
        <Timeline.Item bullet={<IconFilter size={13} aria-hidden />} title={t('workflow.if')}>
          <Text size="sm">{condition ? sentence(condition, module) : t('workflow.always')}</Text>
        </Timeline.Item>
        {tasks.map((task, index) => (
          <TaskItem key={index} task={task} module={module} first={index === 0} />
        ))}
      </Timeline>
    </Paper>
  )
}

/** `timeline` is what the timeline tells its children about their place in it. */
function TaskItem({ task, module, first, ...timeline }: { task: Task; module: string; first: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  const type = useMeta().task_types.find(({ id }) => id === task.type)
  return (
    <Timeline.Item
      {...timeline}
      bullet={<IconPlayerPlay size={13} aria-hidden />}
      title={`${t(first ? 'workflow.then' : 'workflow.and_then')}: ${format.label(type?.label) || task.type}`}
    >
      <Stack gap={6} align="flex-start">
        {task.name && <Text size="sm">{task.name}</Text>}
        {task.active === false && <StateBadge state="inactive" />}
        {task.condition && (
          <Text size="sm" c="dimmed">
            {t('workflow.if')}: {sentence(task.condition, module)}
          </Text>
        )}
        {task.delay && <Properties values={{ delay: task.delay }} hide={[]} />}
        <Properties values={task.params ?? {}} hide={[]} module={module} />
      </Stack>
    </Timeline.Item>
  )
}
