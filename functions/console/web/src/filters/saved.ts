import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Condition, Definition, Label, Page } from '../api/types'
import { useFormat } from '../format'

/** One that comes with the product has its name in both languages, and is not to be changed. */
export type SavedFilter = Definition & { label?: Label; module: string; condition: Condition; readonly?: boolean }

export const useFilters = (module: string | null) =>
  useQuery({ queryKey: ['filters', 'list', { module }], queryFn: () => api.get<Page<SavedFilter>>('/v1/filters', { module }) })

export function useFilterName(): (filter: SavedFilter) => string {
  const format = useFormat()
  return ({ id, name, label }) => format.label(label) || (name ?? id)
}

/** Where a filter that is being built on a list is kept; that there is one opens its panel again. */
export const filterDraft = (module: string): string => `filter/${module}`
