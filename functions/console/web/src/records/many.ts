import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import { invalidateSoon } from '../api/queries'
import type { Condition, Entity, Job, Json, Page, Values } from '../api/types'

/** Which records are meant: those ticked, or all that the list shows. */
export type Chosen =
  | { ids: string[] }
  | { condition?: Condition; search?: string }
  | { everything: true }

export interface MassEdit {
  values?: Values
  owner?: string
  add_tags?: string[]
  remove_tags?: string[]
}

/** A change of many: the job, done already when they are few. */
export type ManyJob = Job & { job_id: string }

const isDone = (job: Job) => ['finished', 'failed', 'cancelled'].includes(job.state)
export const doneAtOnce = isDone

export function useMany(module: string) {
  const client = useQueryClient()
  const onSuccess = () => {
    invalidateSoon(client, ['records', module])
    // What would become of a merge is not asked again once it is done: its records are one by then.
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'record' && queryKey[1] === module && queryKey[3] !== 'merge' })
    void client.invalidateQueries({ queryKey: ['jobs'] })
  }
  const path = `/v1/records/${module}`
  return {
    edit: useMutation({
      mutationFn: (body: Chosen & MassEdit) => api.post<ManyJob>(`${path}/mass-edit`, body),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (body: Chosen) => api.post<ManyJob>(`${path}/mass-delete`, body), onSuccess }),
    undo: useMutation({ mutationFn: (job: string) => api.post<ManyJob>(`${path}/undo/${job}`, {}), onSuccess }),
    merge: useMutation({
      mutationFn: ({ kept, ...body }: { kept: string; others: string[]; choices: Record<string, string> }) =>
        api.post<ManyJob>(`${path}/${kept}/merge`, body),
      onSuccess,
    }),
    restore: useMutation({ mutationFn: (id: string) => api.post<Entity>(`${path}/${id}/restore`, {}), onSuccess }),
  }
}

export interface MergePreview {
  records: (Entity & { title: string })[]
  fields: Record<string, { value: Json; from: string }>
  tags: string[]
  moving: Record<string, { related: Record<string, number>; memberships: number; assignments: number }>
}

export const useMergePreview = (module: string, kept: string, others: string[], choices: Record<string, string>) =>
  useQuery({
    queryKey: ['record', module, kept, 'merge', others, choices],
    queryFn: () => api.post<MergePreview>(`/v1/records/${module}/${kept}/merge`, { others, choices, preview: true }),
    placeholderData: (before) => before,
  })

export const useBin = (module: string, search: string | null, cursor: string | null) =>
  useQuery({
    queryKey: ['records', module, 'bin', search, cursor],
    queryFn: () => api.get<Page<Entity & { deleted_at?: string }>>(`/v1/records/${module}`, { bin: 'true', search, cursor }),
  })

export interface Groups {
  groups: { value: string | null; title: string | null; count: number }[]
}

export const useGroups = (module: string, by: string | null, request: Record<string, string | null>) =>
  useQuery({
    queryKey: ['records', module, 'group', by, request],
    queryFn: () => api.get<Groups>(`/v1/records/${module}`, { ...request, group: by }),
    enabled: by !== null,
  })

/** How many of what the list shows begin with each letter. */
export const useLetters = (module: string, request: Record<string, string | null>) =>
  useQuery({
    queryKey: ['records', module, 'letters', request],
    queryFn: () => api.get<{ letters: Record<string, number>; exact?: boolean }>(`/v1/records/${module}`, { ...request, letters: 'true' }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.exact === false ? 2_000 : false),
  })

export const useColumns = (module: string) =>
  useQuery({
    queryKey: ['columns', module],
    queryFn: () => api.get<{ columns: string[] }>(`/v1/records/${module}/columns`),
    staleTime: 60_000,
  })

export function useChooseColumns(module: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (columns: string[]) => api.post<{ columns: string[] }>(`/v1/records/${module}/columns`, { columns }),
    onSuccess: (saved) => client.setQueryData(['columns', module], saved),
  })
}
