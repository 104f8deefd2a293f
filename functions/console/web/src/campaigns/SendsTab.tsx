import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconMailForward } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Entity, Job } from '../api/types'
import { useJobs } from '../api/queries'
import { useFormat } from '../format'
import { JobProgress } from '../jobs/JobProgress'
import { JobCommands, JobState } from '../jobs/JobTable'
import { SendFacts } from '../jobs/SendFacts'
import { useMayWrite } from '../meta'
import { Await, EmptyState } from '../ui/Feedback'
import { OpenQuestions } from '../messages/OpenQuestions'
import { SendButton } from './SendButton'
import { SendModal } from './SendModal'

const ENDED = new Set(['finished', 'finished_open', 'cancelled'])

/** Every send of a campaign, how far it is, and what it left for a person to decide. */
export function SendsTab({ record }: { record: Entity }) {
  const { t } = useTranslation()
  return (
    <Stack>
      <OpenQuestions campaign={record.id} />
      <Await query={useJobs(record.id)} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Paper>
              <EmptyState title={t('send.none')} hint={t('send.none_hint')}>
                <SendButton record={record} variant="light" />
              </EmptyState>
            </Paper>
          ) : (
            <>
              {items.map((job) => (
                <Send key={job.id} job={job} record={record} />
              ))}
            </>
          )
        }
      </Await>
    </Stack>
  )
}

function Send({ job, record }: { job: Job; record: Entity }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [again, setAgain] = useState(false)
  const mayWrite = useMayWrite()
  return (
    <Paper component="article" aria-label={job.template ?? job.id}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="xs">
            <Anchor component={Link} to={`/jobs/${job.id}`} size="sm" fw={600}>
              {job.template ?? job.name}
            </Anchor>
            <JobState state={job.state} />
            <Text size="xs" c="dimmed">
              {format.instant(job.created_at)}
            </Text>
          </Group>
          <JobCommands job={job} />
        </Group>
        <JobProgress job={job} />
        <SendFacts job={job} />
        {mayWrite && ENDED.has(job.state) && (job.counts?.accepted ?? 0) > 0 && (
          <Group>
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconMailForward size={15} />}
              onClick={() => setAgain(true)}
            >
              {t('send.again')}
            </Button>
          </Group>
        )}
      </Stack>
      <SendModal
        record={record}
        opened={again}
        onClose={() => setAgain(false)}
        title={t('send.again')}
        begin={{
          notOpened: job.id,
          template: job.template_id ?? null,
          emailFields: job.audience?.email_fields ?? {},
          documents: job.documents ?? [],
          documentTemplates: job.document_templates ?? [],
        }}
      />
    </Paper>
  )
}
