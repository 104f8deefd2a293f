import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconPlayerPlay, IconTestPipe } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Module } from '../api/types'
import { ACTIVE, useJob } from '../api/queries'
import { keptDraft, KeptNotice, useKeep } from '../editing/kept'
import { useFormat } from '../format'
import { JobProgress } from '../jobs/JobProgress'
import { ask } from '../ui/confirm'
import { Loading, ProblemAlert } from '../ui/Feedback'
import { FileFields } from './FileFields'
import { FirstRows } from './FirstRows'
import { MappingTable } from './MappingTable'
import { OutcomeTiles } from './OutcomeTiles'
import { importDraft, type Rehearsal, type Unfinished } from './unfinished'
import type { Asked, Import, Preview } from './types'

/** What the file is, what its columns mean, and what would become of it: every change asks the API anew. */
export function ImportSetup({ found, module }: { found: Import; module: Module }) {
  const { t } = useTranslation()
  const key = importDraft(module, found.id)
  const [kept, setKept] = useState(() => keptDraft<Unfinished>(key))
  const [asked, setAsked] = useState<Asked>(kept?.asked ?? {})
  const [rehearsal, setRehearsal] = useState<Rehearsal | null>(kept?.rehearsal ?? null)
  const [started, setStarted] = useState(false)
  // Kept from the first look on: the file is on the server, and the page to import from leads back to it.
  useKeep(key, started ? null : { name: found.name, asked, rehearsal })
  const typed = kept !== null && Object.keys(kept.asked).length > 0
  const query = useQuery({
    queryKey: ['imports', found.id, 'preview', asked],
    queryFn: () => api.post<Preview>(`/v1/imports/${found.id}/preview`, asked),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  })
  const change = (more: Asked) => setAsked((old) => ({ ...old, ...more }))
  const discard = () => {
    setKept(null)
    setAsked({})
    setRehearsal(null)
  }
  const { data } = query
  if (!data) return query.error ? <Unreadable error={query.error} asked={asked} change={change} /> : <Loading lines={8} />
  return (
    <Stack>
      {typed && <KeptNotice onDiscard={discard} />}
      {query.error && <ProblemAlert error={query.error} />}
      <Paper>
        <Title order={2} fz="md" mb="xs">
          {t('import.step_file')}
        </Title>
        <FileFields preview={data} module={module} change={change} />
      </Paper>
      <Paper>
        <Title order={2} fz="md" mb="xs">
          {t('import.step_columns')}
        </Title>
        <MappingTable preview={data} asked={asked} module={module} change={change} />
      </Paper>
      <Paper>
        <Title order={2} fz="md" mb="xs">
          {t('import.step_rows')}
        </Title>
        <FirstRows preview={data} module={module} fetching={query.isFetching} />
      </Paper>
      <Start
        found={found}
        preview={data}
        blocked={query.error !== null || query.isFetching}
        rehearsal={rehearsal}
        onRehearse={setRehearsal}
        onStart={() => setStarted(true)}
      />
    </Stack>
  )
}

/** The file cannot be read as it was understood: another encoding or separator may help. */
function Unreadable({ error, asked, change }: { error: unknown; asked: Asked; change: (more: Asked) => void }) {
  const { t } = useTranslation()
  return (
    <Stack>
      <ProblemAlert error={error} />
      {Object.keys(asked).length > 0 && (
        <Group>
          <Button
            variant="default"
            onClick={() => change(Object.fromEntries(Object.keys(asked).map((name) => [name, undefined])))}
          >
            {t('import.begin_again')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

interface StartProps {
  found: Import
  preview: Preview
  blocked: boolean
  rehearsal: Rehearsal | null
  onRehearse: (rehearsal: Rehearsal) => void
  onStart: () => void
}

function Start({ found, preview, blocked, rehearsal, onRehearse, onStart }: StartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const { owner, segment, ...plan } = preview.plan
  const body = { ...pick(plan), ...(owner ? { owner } : {}), ...(segment ? { segment } : {}) }
  const check = useMutation({
    mutationFn: () => api.post<{ job_id: string }>(`/v1/imports/${found.id}/check`, body),
    onSuccess: ({ job_id }) => onRehearse({ job: job_id, plan: JSON.stringify(body) }),
  })
  const start = useMutation({
    mutationFn: () => api.post<{ job_id: string }>(`/v1/imports/${found.id}/start`, body),
    onSuccess: () => {
      onStart()
      void client.invalidateQueries({ queryKey: ['jobs'] })
      void client.invalidateQueries({ queryKey: ['imports', found.id], exact: true })
    },
  })
  // What was rehearsed with other columns says nothing about these.
  const current = rehearsal?.plan === JSON.stringify(body) ? rehearsal.job : undefined
  const job = useJob(current).data
  const moving = job !== undefined && ACTIVE.has(job.state)
  return (
    <Paper>
      <Stack>
        <Text size="sm">{preview.complete ? t('import.complete') : t('import.sample')}</Text>
        {job && (
          <>
            <JobProgress job={job} />
            <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" aria-live="polite">
              <OutcomeTiles counts={job.outcome ?? {}} />
            </SimpleGrid>
          </>
        )}
        {(check.error ?? start.error) && <ProblemAlert error={check.error ?? start.error} />}
        <Group justify="flex-end">
          {!preview.complete && (
            <Button
              variant="default"
              leftSection={<IconTestPipe size={16} />}
              disabled={blocked}
              loading={check.isPending || moving}
              onClick={() => check.mutate()}
            >
              {t('import.check')}
            </Button>
          )}
          <Button
            leftSection={<IconPlayerPlay size={16} />}
            disabled={blocked}
            loading={start.isPending}
            onClick={() =>
              ask({
                title: t('import.start_title'),
                text: t('import.start_text', { name: found.name, size: format.integer(Math.ceil(found.size / 1024)) }),
                confirm: t('import.start'),
                act: () => start.mutate(),
              })
            }
          >
            {t('import.start')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

const NAMES = ['encoding', 'separator', 'columns', 'match', 'mode', 'decimal', 'dates', 'tags'] as const

const pick = (plan: Omit<Preview['plan'], 'owner' | 'segment'>): Asked =>
  Object.fromEntries(NAMES.map((name) => [name, plan[name]]))
