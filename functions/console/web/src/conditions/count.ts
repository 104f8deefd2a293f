import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../api/client'
import type { Condition, Entity, FieldError, Module } from '../api/types'
import { errorsOf } from '../editing/errors'
import { useMeta } from '../meta'
import { shownPath, sift } from './tree'

export interface Counted {
  count: number
  exact: boolean
  as_of?: string
  sample?: Entity[]
}

export interface LiveCount {
  counted: Counted | undefined
  /** What is shown is not yet, or not any more, the answer to what is asked. */
  waiting: boolean
  problem: unknown
  /** What the API refuses, at the rows as they stand on the screen. */
  errors: FieldError[]
}

const PAUSE_MS = 350

/**
 * How many records meet the condition as it is being written: asked once somebody pauses, rows that are not filled in
 * left out. An answer belongs to its question: one that comes after the next question was asked is not shown.
 */
export function useLiveCount(module: Module, condition: Condition | null): LiveCount {
  const { operators } = useMeta()
  const { condition: asked, places } = useMemo(() => sift(condition, operators), [condition, operators])
  const now = JSON.stringify(asked ?? { all: [] })
  const [question] = useDebouncedValue(now, PAUSE_MS)
  const query = useQuery({
    queryKey: ['filters', 'count', module.id, question],
    queryFn: () => api.post<Counted>('/v1/filters/count', { module: module.id, condition: JSON.parse(question) as Condition }),
    placeholderData: keepPreviousData,
  })
  const settled = question === now && !query.isFetching
  const errors = settled ? errorsOf(query.error).map((error) => ({ ...error, path: shownPath(error.path, places) })) : []
  return { counted: query.error ? undefined : query.data, waiting: !settled, problem: settled ? query.error : null, errors }
}
