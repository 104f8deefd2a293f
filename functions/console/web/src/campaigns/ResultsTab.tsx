import { Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Entity, Results } from '../api/types'
import { useJobs, ACTIVE } from '../api/queries'
import { useFormat } from '../format'
import { Await, Loading } from '../ui/Feedback'
import { Tile } from '../ui/Tile'

import { Breakdown } from './Breakdown'
import { MessagesOf } from './MessagesOf'

const Charts = lazy(() => import('./ResultCharts'))

/** Every state of a message, first how it went well, then what went wrong, with the colour it has in tiles and chart. */
export const COUNTERS = [
  ['sent', 'gray'],
  ['delivered', 'teal'],
  ['opened', 'blue'],
  ['clicked', 'grape'],
  ['bounced', 'red'],
  ['dropped', 'orange'],
  ['spam', 'red'],
  ['unsubscribed', 'orange'],
  ['no_email', 'gray'],
] as const

/** Where a message can stand that has not left. */
const UNSENT = ['skipped', 'uncertain', 'held'] as const

export function ResultsTab({ record }: { record: Entity }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sending = useJobs(record.id).data?.items.some((job) => ACTIVE.has(job.state)) ?? false
  const query = useQuery({
    queryKey: ['record', 'campaigns', record.id, 'results'],
    queryFn: () => api.get<Results>(`/v1/campaigns/${record.id}/results`),
    refetchInterval: sending ? 3_000 : 15_000,
  })
  return (
    <Await query={query}>
      {(results) => (
        <Stack>
          <Text size="xs" c="dimmed" ta="right" mb={-8}>
            {t('results.as_of', { at: format.instant(results.as_of) })}
          </Text>
          <Tiles results={results} counters={COUNTERS.slice(0, 4)} columns={4} />
          <Tiles results={results} counters={COUNTERS.slice(4)} columns={5} />
          <Suspense fallback={<Paper><Loading lines={8} /></Paper>}>
            <Charts record={record} results={results} />
          </Suspense>
          <Breakdown results={results} />
          <MessagesOf campaign={record.id} />
          <Legend />
        </Stack>
      )}
    </Await>
  )
}

interface TilesProps {
  results: Results
  counters: readonly (typeof COUNTERS)[number][]
  columns: number
}

function Tiles({ results, counters, columns }: TilesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: columns }} spacing="sm">
      {counters.map(([name, colour]) => {
        const rate = name === 'sent' ? undefined : results.rates[name]
        return (
          <Tile
            key={name}
            label={t(`results.${name}`)}
            value={format.integer(results[name])}
            share={rate === undefined ? undefined : format.share(rate)}
            colour={colour}
          />
        )
      })}
    </SimpleGrid>
  )
}

/** What the words mean, as the marketer needs to know before drawing conclusions. */
function Legend() {
  const { t } = useTranslation()
  const meanings = [...COUNTERS.map(([name]) => [name, t(`results.${name}`)]), ...UNSENT.map((name) => [name, t(`state.${name}`)])]
  return (
    <Paper>
      <Title order={2} fz="md" mb="xs">
        {t('results.legend')}
      </Title>
      <SimpleGrid component="dl" cols={{ base: 1, sm: 2, lg: 3 }} m={0} verticalSpacing="xs">
        {meanings.map(([name, words]) => (
          <div key={name}>
            <Text component="dt" size="sm" fw={600}>
              {words}
            </Text>
            <Text component="dd" m={0} size="xs" c="dimmed">
              {t(`results.meaning.${name}`)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  )
}
