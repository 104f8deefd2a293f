import { Group, SegmentedControl, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json, Values } from '../api/types'
import { useState } from 'react'
import { objectOf } from './draft'
import { WholeNumber } from './inputs'

const UNITS = ['months', 'days', 'hours', 'minutes']

interface Props {
  path: string
  value: Json | undefined
  onChange: (offset: Values) => void
}

/** So long before or after: the numbers are shown with the sign of the direction taken away. */
export function OffsetFields({ path, value, onChange }: Props) {
  const { t } = useTranslation()
  const offset = objectOf(value)
  const [sign, setSign] = useState(() => (Object.values(offset).some((count) => Number(count) < 0) ? -1 : 1))
  const write = (next: Values) => onChange(Object.fromEntries(Object.entries(next).filter(([, count]) => count !== 0)))
  return (
    <Group align="flex-end" gap="sm" mt="sm">
      <div>
        <Text size="sm" fw={600} mb={4}>
          {t('editor.direction')}
        </Text>
        <SegmentedControl
          aria-label={t('editor.direction')}
          value={String(sign)}
          onChange={(next) => {
            setSign(Number(next))
            if (Number(next) !== sign) write(Object.fromEntries(Object.entries(offset).map(([unit, n]) => [unit, -Number(n)])))
          }}
          data={[
            { value: '-1', label: t('editor.before') },
            { value: '1', label: t('editor.after') },
          ]}
        />
      </div>
      <Group grow gap="xs" flex="1 1 280px" maw={520} align="flex-end">
        {UNITS.map((unit) => (
          <WholeNumber
            key={unit}
            path={`${path}.${unit}`}
            label={t(`editor.unit_${unit}`)}
            value={Number(offset[unit] ?? 0) * sign || 0}
            onChange={(count) => write({ ...offset, [unit]: count * sign || 0 })}
          />
        ))}
      </Group>
    </Group>
  )
}
