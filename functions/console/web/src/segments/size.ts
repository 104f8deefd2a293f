import type { Segment } from '../api/types'

/** How many a segment holds, in one module or in all; undefined when the API did not say. */
export function sizeOf(segment: Segment, module?: string): number | undefined {
  if (module) return segment.counts?.[module] ?? (segment.counts ? 0 : undefined)
  if (segment.counts) return Object.values(segment.counts).reduce((sum, count) => sum + count, 0)
  return segment.count
}

/** Whether it can be chosen: an inactive one follows nothing. */
export const isOffered = ({ status }: Segment): boolean => status !== 'Inactivo'
