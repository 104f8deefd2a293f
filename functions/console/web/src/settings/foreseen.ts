import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Page, Values } from '../api/types'

/** What a module gives next, and how it writes it. */
export interface Foreseen {
  kind: string
  prefix: string
  padding: number
  next: number
  number: string
  /** Given in blocks: the next one may also be of an earlier block. */
  in_blocks: boolean
}

/** The next numbers with such settings: the API knows what was given, and what a setting does to it. */
export function useForeseen(settings: Values) {
  const [question] = useDebouncedValue(JSON.stringify(settings), 350)
  return useQuery({
    queryKey: ['numbers', question],
    queryFn: () => api.post<Page<Foreseen>>('/v1/settings/numbers/next', JSON.parse(question)),
    placeholderData: keepPreviousData,
    staleTime: 0,
    // What cannot be saved has no next number: the last answer stays.
    retry: false,
  })
}
