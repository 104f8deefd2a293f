import { useQueries } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Segment } from '../api/types'

/** How many a segment holds, in one module or in all; undefined when the API did not say. */
export function sizeOf(segment: Segment, module?: string): number | undefined {
  if (module) return segment.counts?.[module] ?? (segment.counts ? 0 : undefined)
  if (segment.counts) return Object.values(segment.counts).reduce((sum, count) => sum + count, 0)
  return segment.count
}

/** The sum of several segments: an upper bound of the audience, because people in two of them are written to once. */
export function useSegmentSize(ids: string[]): number | undefined {
  return useQueries({
    queries: ids.map((id) => ({ queryKey: ['segments', 'one', id], queryFn: () => api.get<Segment>(`/v1/segments/${id}`) })),
    combine: (answers) =>
      answers.reduce<number | undefined>((sum, { data }) => {
        const size = data && sizeOf(data)
        return sum === undefined || size === undefined ? undefined : sum + size
      }, 0),
  })
}
