import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Definition, Page } from '../api/types'
import { useMayWrite } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { EmptyState, ProblemAlert, useProblemText } from '../ui/Feedback'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { useCancelAssignment } from './assign'
import { AssignBar } from './AssignBar'
import { useAssignmentColumns } from './columns'

interface Props {
  module: string
  id: string
}

/** What was sent to one recipient, what will be sent and when, what was not sent and why. */
export function AssignmentTable({ module, id }: Props) {
  const { t } = useTranslation()
  const mayWrite = useMayWrite()
  const columns = useAssignmentColumns(['scheduled_action', 'state', 'due_at', 'zone', 'reason', 'subject'])
  const query = useQuery({
    queryKey: ['assignments', module, id],
    queryFn: () => api.get<Page<Definition>>('/v1/assignments', { recipient: `${module}/${id}` }),
  })
  const takeOff: Column<Definition> = {
    id: 'cancel',
    title: t('job.action'),
    align: 'right',
    render: (assignment) => (assignment.state === 'pending' ? <CancelButton id={assignment.id} /> : null),
  }
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      {mayWrite && <AssignBar recipient={{ module, id }} />}
      <ResponsiveTable
        label={t('nav.assignments')}
        rows={query.data?.items}
        columns={mayWrite ? [...columns, takeOff] : columns}
        rowId={(assignment) => assignment.id}
        empty={<EmptyState title={t('empty.assignments.title')} hint={t('empty.assignments.hint')} />}
      />
    </>
  )
}

function CancelButton({ id }: { id: string }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const cancelling = useCancelAssignment()
  const cancel = () =>
    cancelling.mutate(id, {
      onSuccess: () => tell(t('assignment.unassigned')),
      onError: (error) => warn(problemText(error)),
    })
  return (
    <ActionIcon
      variant="subtle"
      color="red.9"
      aria-label={t('assignment.unassign')}
      loading={cancelling.isPending}
      onClick={() =>
        ask({
          title: t('assignment.unassign_title'),
          text: t('assignment.unassign_text'),
          confirm: t('assignment.unassign'),
          danger: true,
          act: cancel,
        })
      }
    >
      <IconX size={16} />
    </ActionIcon>
  )
}
