import { Group, Input, NumberInput, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format'
import type { Plan } from './plan'

const STARTS = ['now', 'hold', 'at', 'local'] as const

export function ScheduleFields({ plan, onChange }: { plan: Plan; onChange: (plan: Plan) => void }) {
  const { t } = useTranslation()
  const { zone } = useFormat()
  const dated = plan.start === 'at' || plan.start === 'local'
  return (
    <>
      <div>
        <Input.Label component="div">{t('send.start')}</Input.Label>
        <SegmentedControl
          aria-label={t('send.start')}
          fullWidth
          orientation={window.matchMedia('(max-width: 48em)').matches ? 'vertical' : 'horizontal'}
          value={plan.start}
          onChange={(start) => onChange({ ...plan, start: start as Plan['start'] })}
          data={STARTS.map((value) => ({ value, label: t(`send.start_${value}`) }))}
        />
        {plan.start !== 'now' && (
          <Text size="xs" c="dimmed" mt={4}>
            {t(`send.start_${plan.start}_hint`, { zone })}
          </Text>
        )}
      </div>
      <Group grow align="flex-start">
        {dated && (
          <TextInput
            type="datetime-local"
            label={t('send.at')}
            required
            value={plan.at}
            onChange={({ currentTarget }) => onChange({ ...plan, at: currentTarget.value })}
          />
        )}
        <NumberInput
          label={t('send.window')}
          description={t('send.window_hint')}
          min={0}
          max={10_080}
          allowDecimal={false}
          value={plan.windowMinutes}
          onChange={(minutes) => onChange({ ...plan, windowMinutes: Number(minutes) || 0 })}
        />
      </Group>
    </>
  )
}
