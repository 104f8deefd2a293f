import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Paper, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { useFormat } from '../format'

interface History {
  unit: 'hour' | 'day'
  items: { at: string; count: number; entered: number; left: number }[]
}

/** How large the segment was, as far as its transitions tell. */
export default function SizeCurve({ segment }: { segment: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const history = useQuery({
    queryKey: ['segments', 'history', segment],
    queryFn: () => api.get<History>(`/v1/segments/${segment}/history`),
  }).data
  const items = history?.items ?? []
  if (items.length < 2) return null
  const points = items.map(({ at, count }) => ({ at: history?.unit === 'hour' ? format.hour(at) : format.date(at), count }))
  return (
    <Paper mb="md">
      <Title order={2} fz="md" mb="sm">
        {t('segment.history')}
      </Title>
      <AreaChart
        role="img"
        aria-label={`${t('segment.history')}: ${points.map(({ at, count }) => `${at}: ${count}`).join(', ')}`}
        h={160}
        data={points}
        dataKey="at"
        curveType="stepAfter"
        yAxisProps={{ allowDecimals: false }}
        valueFormatter={format.integer}
        series={[{ name: 'count', label: t('segment.size'), color: 'blue.7' }]}
      />
    </Paper>
  )
}
