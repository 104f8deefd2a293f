import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Label, Page, TimelineItem } from '../api/types'

export interface Suppression {
  address: string
  reason: string
  at: string
  message: string | null
  by: string | null
  note: string
}

interface Tally {
  known: number
  delivered: number
  bounced: number
  complained: number
  bounce_rate: number
  complaint_rate: number
}

export interface Deliverability {
  window_hours: number
  account: Tally
  warning: string | null
  limits: {
    bounce_limit: number
    bounce_minimum: number
    complaint_limit: number
    complaint_minimum: number
    soft_bounces: number
    brakes: boolean
  }
  brake: { brake: string | null; at: string | null; figures: Tally | null; released_by: string | null; released_at: string | null; note: string }
  hours: (Tally & { at: string })[]
  quota: { rate: number; per_day: number; sent: number } | null
}

export const useSuppressions = (search: string, cursor: string | null) =>
  useQuery({
    queryKey: ['suppressions', search, cursor],
    queryFn: () => api.get<Page<Suppression>>('/v1/suppressions', { search: search || null, limit: 50, cursor }),
    placeholderData: keepPreviousData,
  })

export const useHistory = (address: string) =>
  useQuery({
    queryKey: ['suppressions', 'history', address],
    queryFn: () => api.get<{ items: TimelineItem[] }>('/v1/suppressions/history', { address }),
  })

function useSuppressionCommand<Body, Answer>(path: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Body) => api.post<Answer>(`/v1/suppressions${path}`, body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['suppressions'] }),
  })
}

export const useAddSuppression = () => useSuppressionCommand<{ address: string; note: string }, Suppression>('')
export const useRemoveSuppression = () => useSuppressionCommand<{ address: string; note: string }, unknown>('/remove')
export const useImportSuppressions = () =>
  useSuppressionCommand<{ text: string; note: string }, { added: number; known: number; invalid: number[] }>('/import')

export const useDeliverability = () =>
  useQuery({
    queryKey: ['deliverability'],
    queryFn: () => api.get<Deliverability>('/v1/deliverability'),
    refetchInterval: 30_000,
  })

export type CheckState = 'ok' | 'warning' | 'error' | 'unknown'

export interface Check {
  id: string
  /** Which domain it is about, where there is one check for each. */
  subject: string | null
  state: CheckState
  label: Label
  text: Label
  step: Label | null
}

interface Findings {
  state: CheckState
  at: string
  checks: Check[]
  counts: Record<CheckState, number>
}

/** Others are asked for it, which takes seconds: not on every glance. */
export const useDoctor = () =>
  useQuery({ queryKey: ['deliverability', 'doctor'], queryFn: () => api.get<Findings>('/v1/doctor'), staleTime: 300_000 })

export function useLetGo() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (note: string) => api.post<unknown>('/v1/deliverability/resume', { note }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['deliverability'] }),
  })
}
