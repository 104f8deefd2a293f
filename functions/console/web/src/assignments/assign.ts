import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Definition, Page } from '../api/types'

export type Verb = 'assign' | 'unassign'

export interface Order {
  /** `plans` or `scheduled-actions`, and which one. */
  noun: string
  id: string
  verb: Verb
  recipients: { module: string; id: string }[]
}

/** Puts recipients on a plan or a scheduled action, or takes them off: answers what became of each assignment. */
export function useAssign() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ noun, id, verb, recipients }: Order) =>
      api.post<Page<Definition>>(`/v1/${noun}/${id}/${verb}`, { recipients }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['assignments'] }),
  })
}

export function useCancelAssignment() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.remove(`/v1/assignments/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['assignments'] }),
  })
}
