import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, Problem } from './client'
import type { Condition, Definition, Entity, Job, Meta, Page, TimelineItem, Values } from './types'

const retriable = (failures: number, error: Error) =>
  failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500)

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: retriable, staleTime: 5_000, refetchOnWindowFocus: true } },
})

/** Lists come from the lake, which trails a write by about a second: they are asked at once and a few times again. */
export function invalidateSoon(client: QueryClient, queryKey: string[]): void {
  for (const wait of [0, 1_500, 5_000, 15_000]) setTimeout(() => void client.invalidateQueries({ queryKey }), wait)
}

/** A job in one of these states will move by itself. */
export const ACTIVE = new Set(['running', 'parked', 'cancelling'])
const POLL_MS = 2_000
const SOON_MS = 10 * 60_000

export const useMetaQuery = () =>
  useQuery({ queryKey: ['meta'], queryFn: () => api.get<Meta>('/v1/meta'), staleTime: 60_000 })

export interface ListRequest {
  filter?: string | null
  sort?: string | null
  limit?: number
  cursor?: string | null
  search?: string | null
  letter?: string | null
}

export const useRecords = (module: string, request: ListRequest) =>
  useQuery({
    queryKey: ['records', module, request],
    queryFn: () => api.get<Page<Entity>>(`/v1/records/${module}`, { ...request }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.exact === false ? POLL_MS : false),
  })

/** How many there are in all: the list itself does not count. A text search cannot be counted yet. */
export const useCount = (module: string, condition: Condition | null, enabled: boolean) =>
  useQuery({
    queryKey: ['records', module, 'count', condition],
    queryFn: () => api.post<{ count: number; exact: boolean }>('/v1/filters/count', { module, condition }),
    placeholderData: keepPreviousData,
    enabled,
  })

export const useRecord = (module: string, id: string | undefined) =>
  useQuery({
    queryKey: ['record', module, id],
    queryFn: () => api.get<Entity>(`/v1/records/${module}/${id}`),
    enabled: id !== undefined,
  })

/** Records that point here through a field (related), or are put beside this one many to many (linked). */
export const useRelated = (
  module: string,
  id: string,
  other: string,
  cursor: string | null,
  how: 'related' | 'linked' = 'related',
) =>
  useQuery({
    queryKey: ['record', module, id, how, other, cursor],
    queryFn: () => api.get<Page<Entity>>(`/v1/records/${module}/${id}/${how}/${other}`, { cursor }),
    placeholderData: keepPreviousData,
  })

export function useLink(module: string, id: string, other: string) {
  const client = useQueryClient()
  const path = `/v1/records/${module}/${id}/linked/${other}`
  return useMutation({
    mutationFn: ({ ids, linked }: { ids: string[]; linked: boolean }) =>
      linked ? api.post<unknown>(path, { ids }) : api.remove<unknown>(path, { ids }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['record', module, id, 'linked', other] }),
  })
}

export const useTimeline = (module: string, id: string) =>
  useQuery({
    queryKey: ['record', module, id, 'timeline'],
    queryFn: () => api.get<Page<TimelineItem>>(`/v1/records/${module}/${id}/timeline`),
    refetchInterval: ({ state }) => untilNext(module, state.data?.items ?? []),
  })

/** After these nothing more is on its way to a message; whether it is opened is seen by whoever comes back. */
const SETTLED = ['delivered', 'bounced', 'dropped', 'skipped', 'failed', 'cancelled'].map((end) => `message_${end}`)
const FRESH_MS = 120_000

/** Asked again soon while something is happening, seldom when all is quiet, and never when a message has come to its end. */
function untilNext(module: string, items: TimelineItem[]): number | false {
  if (module === 'messages' && items.some(({ kind }) => SETTLED.includes(kind))) return false
  // The newest stands first. A clock that was moved is ahead of the browser's.
  const newest = items[0]?.at
  return newest && Date.now() - Date.parse(newest) > FRESH_MS ? 30_000 : 5_000
}

export interface Draft {
  values: Values
  owner?: string | null
  tags?: string[]
}

export function useSaveRecord(module: string, existing?: Entity) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: Draft) =>
      existing
        ? api.patch<Entity>(`/v1/records/${module}/${existing.id}`, draft, existing.version)
        : api.post<Entity>(`/v1/records/${module}`, draft),
    onSuccess: (saved) => {
      client.setQueryData(['record', module, saved.id], saved)
      invalidateSoon(client, ['records', module])
      void client.invalidateQueries({ queryKey: ['record', module, saved.id] })
    },
  })
}

export function useDeleteRecord(module: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.remove(`/v1/records/${module}/${id}`),
    onSuccess: () => invalidateSoon(client, ['records', module]),
  })
}

/** The list of one noun kept under Definitions: segments, workflows, forms, templates, actions, plans… */
export const useDefinitions = <T = Definition>(noun: string, query?: Record<string, string | null>) =>
  useQuery({ queryKey: [noun, 'list', query ?? {}], queryFn: () => api.get<Page<T>>(`/v1/${noun}`, query) })

export const useDefinition = <T = Definition>(noun: string, id: string | undefined) =>
  useQuery({
    queryKey: [noun, 'one', id],
    queryFn: () => api.get<T>(`/v1/${noun}/${id}`),
    enabled: id !== undefined,
  })

export function useSaveDefinition<T extends { id: string }>(noun: string, id?: string, version?: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: object) =>
      id ? api.patch<T>(`/v1/${noun}/${id}`, body, version) : api.post<T>(`/v1/${noun}`, body),
    onSuccess: (saved) => {
      client.setQueryData([noun, 'one', saved.id], saved)
      void client.invalidateQueries({ queryKey: [noun] })
    },
  })
}

export function useDeleteDefinition(noun: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.remove(`/v1/${noun}/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: [noun] }),
  })
}

/** Whether it moves by itself, or is about to. */
const moves = ({ state, start_at }: Job) =>
  ACTIVE.has(state) || (state === 'scheduled' && Date.parse(start_at ?? '') - Date.now() < SOON_MS)

/** All jobs, or those that send one campaign. */
export const useJobs = (campaign?: string) =>
  useQuery({
    queryKey: ['jobs', 'list', campaign],
    queryFn: () => api.get<Page<Job>>('/v1/jobs', { campaign }),
    refetchInterval: ({ state }) => (state.data?.items.some(moves) ? POLL_MS : false),
  })

export const useJob = (id: string | undefined) =>
  useQuery({
    queryKey: ['jobs', 'one', id],
    queryFn: () => api.get<Job>(`/v1/jobs/${id}`),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && moves(state.data) ? POLL_MS : false),
  })

export function useJobCommand() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, command }: { id: string; command: string }) => api.post<Job>(`/v1/jobs/${id}/${command}`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
}

/** *Eliminar*: only of a send that has not begun. */
export function useDeleteJob() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.remove(`/v1/jobs/${id}`),
    onSuccess: (_, id) => client.removeQueries({ queryKey: ['jobs', 'one', id] }),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs', 'list'] }),
  })
}
