import { useTranslation } from 'react-i18next'
import type { Json, Values } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'

const asValues = (value: Json | undefined): Values | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null

/** A stretch of time in words: «+ 10 días», «− 3 horas». */
export function useOffset(): (value: Json | undefined) => string {
  const { t } = useTranslation()
  return (value) =>
    Object.entries(asValues(value) ?? {})
      .filter(([, count]) => typeof count === 'number' && count !== 0)
      .map(([unit, count]) => `${Number(count) > 0 ? '+' : '−'} ${t(`unit.${unit}`, { count: Math.abs(Number(count)) })}`)
      .join(' ')
}

/** A trigger of a workflow or the instant of a scheduled action, in words. */
export function useWhen(): (when: Json | undefined, module?: string) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const offset = useOffset()

  const fieldLabel = (id: string, module?: string) => {
    const fields = meta.modules.filter((candidate) => !module || candidate.id === module).flatMap(({ fields }) => fields)
    return format.label(fields.find((field) => field.id === id)?.label) || id
  }

  return (value, module) => {
    const when = asValues(value)
    if (!when) return typeof value === 'string' ? value : ''
    const on = String(when.on ?? '')
    const at = (Array.isArray(when.at) ? when.at : [when.at]).filter(Boolean).join(', ')
    const parts = {
      assignment: () => [t('when.assignment'), offset(when.offset)],
      date: () => [format.date(String(when.date))],
      field: () => [
        fieldLabel(String(when.field), module),
        when.count && when.count !== 'as_is' ? t(`when.${when.count}`, { n: Number(when.n ?? 1) }) : '',
        offset(when.offset),
      ],
      schedule: () => [t(`when.every_${when.every}`, { defaultValue: t('when.schedule') })],
    }[on]
    const words = parts ? parts() : [format.label(meta.triggers.find(({ id }) => id === on)?.label) || on]
    return [...words, at && t('when.at', { at })].filter(Boolean).join(' ')
  }
}
