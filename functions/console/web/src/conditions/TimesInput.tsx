import { Group, NumberInput, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Times } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'

interface Props {
  times: Times | undefined
  path: string
  /** Whether any, all or none can be said in the place of a count. */
  match?: string
  onTimes: (times: Times) => void
  onMatch?: (match: string) => void
}

const BETWEEN = 'between'

/** How often: at least, at most, exactly, from … to …; of related records also any, all, none. */
export function TimesInput({ times, path, match, onTimes, onMatch }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { conditions } = useMeta()
  const error = useErrorAt(`${path}.times`)
  const bounds = conditions.times.map(({ id }) => id).filter((id) => times && id in times)
  const way = bounds.length > 1 ? BETWEEN : (bounds[0] ?? match ?? '')
  const choose = (next: string | null) => {
    const count = times?.[bounds[0] ?? ''] ?? 1
    if (next === BETWEEN) onTimes({ at_least: count, at_most: count })
    else if (conditions.times.some(({ id }) => id === next)) onTimes({ [next!]: count })
    else if (next) onMatch?.(next)
  }
  const named = (each: { id: string; label: object }[]) => each.map(({ id, label }) => ({ value: id, label: format.label(label) }))
  return (
    <Group gap={4} align="flex-start">
      <Select
        flex="2 1 150px"
        aria-label={t('condition.how_often')}
        allowDeselect={false}
        data={[
          ...(onMatch ? named(conditions.matches) : []),
          ...named(conditions.times),
          { value: BETWEEN, label: t('condition.between_times') },
        ]}
        value={way}
        onChange={choose}
      />
      {bounds.map((id) => (
        <NumberInput
          key={id}
          flex="1 1 70px"
          aria-label={format.label(conditions.times.find((each) => each.id === id)?.label)}
          min={0}
          max={conditions.limits.times}
          allowDecimal={false}
          value={times?.[id] ?? ''}
          error={error}
          onChange={(count) => onTimes({ ...times, [id]: count === '' ? null : Number(count) })}
        />
      ))}
    </Group>
  )
}
