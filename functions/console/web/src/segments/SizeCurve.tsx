import '@mantine/charts/styles.css'
import { AreaChart, ChartTooltip } from '@mantine/charts'
import { Paper, Title } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { marks } from '../campaigns/hours'
import { useFormat } from '../format'

interface History {
  unit: 'hour' | 'day'
  items: { at: string; count: number; entered: number; left: number }[]
}

const PX_PER_MARK = 110
const TWO_DAYS = 2 * 86_400_000
const MONTHS = 300 * 86_400_000

/** How large the segment was, as far as its transitions tell. */
export default function SizeCurve({ segment }: { segment: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const history = useQuery({
    queryKey: ['segments', 'history', segment],
    queryFn: () => api.get<History>(`/v1/segments/${segment}/history`),
  }).data
  const { ref, width } = useElementSize()
  const items = history?.items ?? []
  const points = items.map(({ at, count }) => ({ at: Date.parse(at), count }))
  const [first, last] = [points[0]?.at, points.at(-1)?.at]
  if (first === undefined || last === undefined || first === last) return null
  const ticks = marks(first, last, format.zone, Math.max(2, Math.floor(width / PX_PER_MARK)), history?.unit === 'day' ? 24 : 1)
  const said = (at: number) => (history?.unit === 'hour' ? format.hour : format.date)(new Date(at).toISOString())
  const dated = (at: number) => (last - first > MONTHS ? format.date : format.dayMonth)(new Date(at).toISOString())
  const lines = [{ name: 'count', label: t('segment.size'), color: 'blue.7' }]
  return (
    <Paper mb="md">
      <Title order={2} fz="md" mb="sm">
        {t('segment.history')}
      </Title>
      <div ref={ref}>
        <AreaChart
          role="img"
          aria-label={`${t('segment.history')}: ${points.map(({ at, count }) => `${said(at)}: ${count}`).join(', ')}`}
          h={180}
          data={points}
          dataKey="at"
          curveType="stepAfter"
          areaChartProps={{ margin: { right: 24 } }}
          yAxisProps={{ allowDecimals: false, width: 50, tickCount: 4 }}
          xAxisProps={{
            type: 'number',
            scale: 'time',
            domain: [first, last],
            ticks: ticks.length > 1 ? ticks : [first, last],
            tickFormatter: (at: number) => (last - first < TWO_DAYS ? said : dated)(at),
            interval: 0,
          }}
          valueFormatter={format.integer}
          series={lines}
          tooltipProps={{
            content: ({ label, payload }) =>
              typeof label === 'number' && (
                <ChartTooltip label={said(label)} payload={payload ?? []} series={lines} valueFormatter={format.integer} />
              ),
          }}
        />
      </div>
    </Paper>
  )
}
