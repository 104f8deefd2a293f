import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { IconUserMinus, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Definition } from '../api/types'
import { RecordPicker } from '../fields/RecordPicker'
import { useFormat } from '../format'
import { RECIPIENTS, useMayWrite, useMeta } from '../meta'
import { EmptyState, ProblemAlert } from '../ui/Feedback'
import { ResponsiveTable } from '../ui/ResponsiveTable'
import { Window } from '../ui/Window'
import { useAssign, type Verb } from './assign'
import { useAssignmentColumns } from './columns'

interface Props {
  noun: string
  definition: Definition
}

/** On the page of a plan or of a scheduled action: who gets it from now on, and who no longer. */
export function AssignButtons({ noun, definition }: Props) {
  const { t } = useTranslation()
  const [verb, setVerb] = useState<Verb | null>(null)
  if (!useMayWrite()) return null
  return (
    <>
      <Button variant="light" leftSection={<IconUserPlus size={16} />} onClick={() => setVerb('assign')}>
        {t('assignment.assign')}
      </Button>
      <Button variant="default" leftSection={<IconUserMinus size={16} />} onClick={() => setVerb('unassign')}>
        {t('assignment.unassign')}
      </Button>
      <Window opened={verb !== null} onClose={() => setVerb(null)} title={verb && t(`assignment.${verb}`)} size="lg">
        {verb && <AssignDialog noun={noun} id={definition.id} verb={verb} onClose={() => setVerb(null)} />}
      </Window>
    </>
  )
}

function AssignDialog({ noun, id, verb, onClose }: { noun: string; id: string; verb: Verb; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const modules = useMeta().modules.filter((module) => RECIPIENTS.includes(module.id))
  const [module, setModule] = useState(modules[0])
  const [chosen, setChosen] = useState<string[]>([])
  const columns = useAssignmentColumns(['recipient', 'scheduled_action', 'state', 'due_at', 'reason'])
  const change = useAssign()
  if (!module) return null
  if (change.data)
    return (
      <Stack>
        <ResponsiveTable
          label={t('nav.assignments')}
          rows={change.data.items}
          columns={columns}
          rowId={(assignment) => assignment.id}
          empty={<EmptyState title={t('assignment.nothing_changed')} />}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('action.close')}</Button>
        </Group>
      </Stack>
    )
  return (
    <Stack>
      {change.error && <ProblemAlert error={change.error} />}
      <SegmentedControl
        aria-label={t('property.module')}
        value={module.id}
        onChange={(next) => {
          setModule(modules.find((each) => each.id === next))
          setChosen([])
        }}
        data={modules.map((each) => ({ value: each.id, label: format.label(each.label) }))}
      />
      <RecordPicker key={module.id} module={module} chosen={chosen} onChange={setChosen} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button
          disabled={chosen.length === 0}
          loading={change.isPending}
          onClick={() =>
            change.mutate({ noun, id, verb, recipients: chosen.map((each) => ({ module: module.id, id: each })) })
          }
        >
          {t(`assignment.${verb}`)}
        </Button>
      </Group>
    </Stack>
  )
}
