import { Button, Group, Stack } from '@mantine/core'
import { IconFilterPlus, IconPlus, IconUserCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Module, Segment } from '../api/types'
import { RecordPicker } from '../fields/RecordPicker'
import { useFormat } from '../format'
import { tell } from '../ui/confirm'
import { ProblemAlert } from '../ui/Feedback'
import { Window } from '../ui/Window'
import { LoadDialog } from './LoadDialog'
import { useMembership } from './membership'

/** The ways into a segment by hand: picked, made on the spot, loaded from a filter, once or from now on. */
export function AddMembers({ segment, module }: { segment: Segment; module: Module }) {
  const { t } = useTranslation()
  const one = useFormat().label(module.label_one)
  const [picking, setPicking] = useState(false)
  return (
    <>
      <Button variant="light" leftSection={<IconUserCheck size={16} />} onClick={() => setPicking(true)}>
        {t('segment.select', { one })}
      </Button>
      {module.capabilities.create && (
        <Button
          variant="light"
          component={Link}
          to={`/records/${module.id}/new?segment=${segment.id}`}
          leftSection={<IconPlus size={16} />}
        >
          {t('segment.add', { one })}
        </Button>
      )}
      <LoadButton segment={segment} module={module} />
      <Window opened={picking} onClose={() => setPicking(false)} title={t('segment.select', { one })}>
        {picking && <Pick segment={segment} module={module} onClose={() => setPicking(false)} />}
      </Window>
    </>
  )
}

/** *Cargar Lista*, by itself: the one step to take where there is nobody yet. */
export function LoadButton({ segment, module }: { segment: Segment; module: Module }) {
  const { t } = useTranslation()
  const [loading, setLoading] = useState(false)
  return (
    <>
      <Button variant="light" leftSection={<IconFilterPlus size={16} />} onClick={() => setLoading(true)}>
        {t('segment.load')}
      </Button>
      <LoadDialog opened={loading} segment={segment} module={module} onClose={() => setLoading(false)} />
    </>
  )
}

function Pick({ segment, module, onClose }: { segment: Segment; module: Module; onClose: () => void }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<string[]>([])
  const membership = useMembership(segment.id)
  const add = () =>
    membership.mutate(
      { module: module.id, ids: chosen, member: true },
      {
        onSuccess: () => {
          tell(t('segment.added'))
          onClose()
        },
      },
    )
  return (
    <Stack>
      {membership.error && <ProblemAlert error={membership.error} />}
      <RecordPicker module={module} chosen={chosen} onChange={setChosen} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button disabled={chosen.length === 0} loading={membership.isPending} onClick={add}>
          {t('action.add')}
        </Button>
      </Group>
    </Stack>
  )
}
