import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useJobs } from '../api/queries'
import { Await, EmptyState } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable } from '../ui/ResponsiveTable'
import { useJobColumns } from './JobTable'

export function JobsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const columns = useJobColumns()
  return (
    <>
      <PageHeader title={t('nav.jobs')} />
      <Await query={useJobs()} lines={8}>
        {({ items }) => (
          <ResponsiveTable
            label={t('nav.jobs')}
            rows={items}
            columns={columns}
            rowId={({ id }) => id}
            onOpen={({ id }) => navigate(`/jobs/${id}`)}
            empty={<EmptyState title={t('job.none')} hint={t('job.none_hint')} />}
          />
        )}
      </Await>
    </>
  )
}
