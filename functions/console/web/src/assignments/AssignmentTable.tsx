import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Definition, Page } from '../api/types'
import { PropertyValue } from '../definitions/Properties'
import { ProblemAlert, EmptyState } from '../ui/Feedback'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'

interface Props {
  module: string
  id: string
}

/** What was sent to one recipient, what will be sent and when, what was not sent and why. */
export function AssignmentTable({ module, id }: Props) {
  const { t } = useTranslation()
  const query = useQuery({
    queryKey: ['assignments', module, id],
    queryFn: () => api.get<Page<Definition>>('/v1/assignments', { recipient: `${module}/${id}` }),
  })
  const shown = (name: string): Column<Definition> => ({
    id: name,
    title: t(`property.${name}`),
    render: (assignment) => (assignment[name] ? <PropertyValue name={name} value={assignment[name]} /> : null),
  })
  const columns = [
    shown('scheduled_action'),
    shown('state'),
    shown('due_at'),
    shown('zone'),
    {
      id: 'reason',
      title: t('property.reason'),
      render: ({ reason }: Definition) =>
        reason ? <Text size="sm">{t(`reason.${reason}`, { defaultValue: String(reason) })}</Text> : null,
    },
    shown('subject'),
  ]
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return (
    <ResponsiveTable
      label={t('nav.assignments')}
      rows={query.data?.items}
      columns={columns}
      rowId={(assignment) => assignment.id}
      empty={<EmptyState title={t('empty.assignments.title')} hint={t('empty.assignments.hint')} />}
    />
  )
}
