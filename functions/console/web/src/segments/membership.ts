import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import { invalidateSoon } from '../api/queries'

interface Change {
  module: string
  ids: string[]
  member: boolean
}

/** Puts records into a segment by hand, or takes them out. */
export function useMembership(segment: string) {
  const client = useQueryClient()
  const path = `/v1/segments/${segment}/members`
  return useMutation({
    mutationFn: ({ module, ids, member }: Change) => {
      const items = ids.map((id) => ({ module, id }))
      return member ? api.post(path, { items }) : api.remove(path, { items })
    },
    onSuccess: () => invalidateSoon(client, ['segments']),
  })
}

/** Lets records that were taken out by hand into AutoSync's reach again. */
export function useFreeing(segment: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (items: { module: string; id: string }[]) => api.remove(`/v1/segments/${segment}/blocked`, { items }),
    onSuccess: () => invalidateSoon(client, ['segments']),
  })
}
