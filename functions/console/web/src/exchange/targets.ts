import { useTranslation } from 'react-i18next'
import type { Module } from '../api/types'
import { useFormat } from '../format'
import { fieldOf } from '../meta'

/** What a column can be, in words: a field of the module, or one of the few things beside. */
export function useTargetLabel(module: Module): (target: string) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return (target) => {
    const field = fieldOf(module, target)
    return field ? format.label(field.label) : t(`import.target.${target}`, { defaultValue: target })
  }
}
