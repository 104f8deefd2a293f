import { ActionIcon, Badge, Button, Group } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useJobs } from '../api/queries'
import { useOwnerName } from '../meta'
import { Await, EmptyState } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable } from '../ui/ResponsiveTable'
import { useJobColumns } from './JobTable'

export function JobsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const columns = useJobColumns()
  const ownerName = useOwnerName()
  const [address, setAddress] = useSearchParams()
  const by = address.get('by')
  return (
    <>
      <PageHeader title={t('nav.jobs')} />
      {by && (
        <Group mb="sm" gap={4}>
          <Badge size="lg" style={{ color: 'var(--mantine-color-blue-9)' }}>
            {t('user.by', { name: ownerName(by) })}
          </Badge>
          <ActionIcon variant="subtle" aria-label={t('filter.clear')} onClick={() => setAddress({})}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      )}
      <Await query={useJobs()} lines={8}>
        {({ items }) => (
          <ResponsiveTable
            label={t('nav.jobs')}
            rows={by ? items.filter(({ created_by }) => created_by === by) : items}
            columns={columns}
            rowId={({ id }) => id}
            onOpen={({ id }) => navigate(`/jobs/${id}`)}
            empty={
              <EmptyState title={t('job.none')} hint={t('job.none_hint')}>
                <Button component={Link} to="/records/campaigns" variant="light">
                  {t('job.campaigns')}
                </Button>
              </EmptyState>
            }
          />
        )}
      </Await>
    </>
  )
}
