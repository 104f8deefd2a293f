import { AreaChart, ChartTooltip } from '@mantine/charts'
import { Chip, Group, Paper, Title } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Results } from '../api/types'
import { useFormat } from '../format'
import { filled, isMidnight, marks } from './hours'

/** What can happen to a message in an hour, with the colour it has everywhere. */
const KINDS = [
  ['sent', 'gray.7'],
  ['delivered', 'teal.9'],
  ['opened', 'blue.8'],
  ['clicked', 'grape.8'],
  ['bounced', 'red.8'],
  ['unsubscribed', 'orange.9'],
  ['spam', 'red.9'],
] as const
const PX_PER_MARK = 90

/** When people opened and clicked: hour by hour on the clock of the company, silences included. */
export function HourChart({ series }: { series: NonNullable<Results['series']> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { ref, width } = useElementSize()
  const [chosen, setChosen] = useState<string[]>(['opened', 'clicked'])
  const known = KINDS.filter(([kind]) => series.some((hour) => Number(hour[kind] ?? 0) > 0))
  const shown = known.filter(([kind]) => chosen.includes(kind))
  const hours = filled(series, known.map(([kind]) => kind))
  const [first, last] = [hours[0]?.at, hours.at(-1)?.at]
  if (first === undefined || last === undefined || known.length === 0) return null
  const instant = (at: number) => new Date(at).toISOString()
  const sums = known.map(([kind]) => `${t(`results.${kind}`)}: ${series.reduce((sum, hour) => sum + Number(hour[kind] ?? 0), 0)}`)
  const lines = shown.map(([kind, color]) => ({ name: kind, label: t(`results.${kind}`), color }))
  return (
    <Paper component="section" aria-label={t('results.by_hour')}>
      <Group justify="space-between" mb="sm">
        <Title order={2} fz="md">
          {t('results.by_hour')}
        </Title>
        <Chip.Group multiple value={chosen} onChange={setChosen}>
          <Group gap={6} role="group" aria-label={t('results.by_hour_shown')}>
            {known.map(([kind, color]) => (
              <Chip key={kind} size="xs" value={kind} color={color}>
                {t(`results.${kind}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      <div ref={ref}>
        <AreaChart
          role="img"
          aria-label={`${t('results.by_hour')} (${format.zone}). ${sums.join(', ')}`}
          h={220}
          data={hours}
          dataKey="at"
          curveType="linear"
          withDots={hours.length < 60}
          yAxisProps={{ allowDecimals: false, width: 40 }}
          xAxisProps={{
            type: 'number',
            scale: 'time',
            domain: [first, last],
            ticks: marks(first, last, format.zone, Math.max(2, Math.floor(width / PX_PER_MARK))),
            tickFormatter: (at: number) => (isMidnight(at, format.zone) ? format.dayMonth : format.time)(instant(at)),
            interval: 0,
          }}
          valueFormatter={format.integer}
          series={lines}
          tooltipProps={{
            content: ({ label, payload }) =>
              typeof label === 'number' && (
                <ChartTooltip label={format.hour(instant(label))} payload={payload ?? []} series={lines} valueFormatter={format.integer} />
              ),
          }}
        />
      </div>
    </Paper>
  )
}
