import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { Grid, Paper, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Entity, Field, Results } from '../api/types'
import { useFormat, type Format } from '../format'
import { useModule } from '../meta'
import { HourChart } from './HourChart'
import { COUNTERS } from './ResultsTab'

const EXPECTED = 'expected_'
const ACTUAL = 'actual_'

interface Comparison {
  label: string
  expected: number
  actual: number
}

/** Every declared pair expected_x / actual_x in which something was expected, the expectation being 100. */
function comparisons(fields: Field[], record: Entity, format: Format): Comparison[] {
  return fields.flatMap(({ id, label }) => {
    const expected = Number(record.values[EXPECTED + id.slice(ACTUAL.length)] ?? 0)
    if (!id.startsWith(ACTUAL) || !(expected > 0)) return []
    const actual = Number(record.values[id] ?? 0)
    return [{ label: format.label(label), expected: 100, actual: Math.round((100 * actual) / expected) }]
  })
}

export default function ResultCharts({ record, results }: { record: Entity; results: Results }) {
  const { t } = useTranslation()
  const format = useFormat()
  const module = useModule('campaigns')
  const pairs = comparisons(module?.fields ?? [], record, format)
  const bars = COUNTERS.map(([name, colour]) => ({
    state: t(`results.${name}`),
    count: results[name],
    color: `${colour}.${colour === 'gray' ? 5 : 7}`,
  }))
  const described = bars.map(({ state, count }) => `${state}: ${count}`).join(', ')
  return (
    <Grid>
      {(results.series ?? []).length > 0 && (
        <Grid.Col span={12}>
          <HourChart series={results.series ?? []} />
        </Grid.Col>
      )}
      <Grid.Col span={{ base: 12, md: pairs.length > 0 ? 7 : 12 }}>
        <Paper h="100%">
          <Title order={2} fz="md" mb="sm">
            {t('results.chart')}
          </Title>
          <BarChart
            role="img"
            aria-label={described}
            h={300}
            data={bars}
            dataKey="state"
            orientation="vertical"
            gridAxis="y"
            yAxisProps={{ width: 110 }}
            xAxisProps={{ allowDecimals: false }}
            withTooltip
            valueFormatter={format.integer}
            withBarValueLabel
            series={[{ name: 'count', label: t('results.messages'), color: 'blue.7' }]}
            maxBarWidth={22}
            barChartProps={{ margin: { right: 8 * format.integer(Math.max(...bars.map(({ count }) => count))).length } }}
          />
        </Paper>
      </Grid.Col>
      {pairs.length > 0 && (
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Paper h="100%">
            <Title order={2} fz="md" mb="sm">
              {t('results.expected_and_actual')}
            </Title>
            <BarChart
              role="img"
              aria-label={pairs.map(({ label, actual }) => `${label}: ${actual}${format.percentSign}`).join(', ')}
              h={300}
              data={pairs}
              dataKey="label"
              unit={format.percentSign}
              withLegend
              legendProps={{ itemSorter: null }}
              series={[
                { name: 'expected', label: t('results.expected'), color: 'gray.4' },
                { name: 'actual', label: t('results.actual'), color: 'teal.7' },
              ]}
            />
          </Paper>
        </Grid.Col>
      )}
    </Grid>
  )
}
