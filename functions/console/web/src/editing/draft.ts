import type { Definition, Json, Values } from '../api/types'

export interface FieldsProps {
  draft: Values
  change: (part: Values) => void
  /** What is stored; nothing while it is being created. */
  definition?: Definition
}

export const objectOf = (value: Json | undefined): Values =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}

/** The list with one element moved up (-1) or down (1). */
export function moved<T>(list: T[], index: number, by: number): T[] {
  const next = [...list]
  next.splice(index + by, 0, ...next.splice(index, 1))
  return next
}
