import { Anchor, Button, Group, Paper, Timeline, Title } from '@mantine/core'
import { IconCalendarTime } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Definition } from '../api/types'
import { PlanRecipients } from '../assignments/PlanRecipients'
import { useDefinitions } from '../api/queries'
import { useMayWrite } from '../meta'
import { StateBadge } from '../ui/StateBadge'
import { EmptyState } from '../ui/Feedback'
import { References } from './Properties'
import { useWhen } from './when'

/** The plan read aloud: what whoever is assigned gets, and when each thing is due. */
export function PlanPanel({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const mayWrite = useMayWrite()
  const known = useDefinitions('scheduled-actions').data?.items
  const ids = Array.isArray(definition.scheduled_actions) ? definition.scheduled_actions.map(String) : []
  const steps = ids.flatMap((id) => known?.find((each) => each.id === id) ?? [])
  return (
    <>
      <Paper component="section" aria-label={t('plan.story')}>
        <Title order={2} fz="md" mb="md">
          {t('plan.story')}
        </Title>
        {ids.length === 0 && (
          <EmptyState title={t('plan.empty')} hint={t('empty.plans.hint')}>
            {mayWrite && definition.id && (
              <Button component={Link} to={`/plans/${definition.id}/edit`} variant="light">
                {t('editor.add_scheduled_action')}
              </Button>
            )}
          </EmptyState>
        )}
        <Timeline bulletSize={24} lineWidth={2} styles={{ itemTitle: { lineHeight: 1.35 } }} active={steps.length}>
          {steps.map((step) => (
            <Timeline.Item key={step.id} bullet={<IconCalendarTime size={13} aria-hidden />} title={<When step={step} />}>
              <Group gap="xs" mb={6}>
                <Anchor component={Link} to={`/scheduled-actions/${step.id}`} size="sm" fw={600}>
                  {String(step.reference ?? step.id)}
                </Anchor>
                {step.status !== 'active' && <StateBadge state={String(step.status)} />}
              </Group>
              <References noun="actions" ids={[String(step.action_id)]} />
            </Timeline.Item>
          ))}
        </Timeline>
      </Paper>
      <PlanRecipients plan={definition.id} />
    </>
  )
}

function When({ step }: { step: Definition }) {
  const when = useWhen()
  return <>{when(step.when)}</>
}
