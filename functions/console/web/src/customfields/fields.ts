import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import type { CustomField, Page } from '../api/types'

const path = (module: string, field?: string) => `/v1/fields/${module}${field ? `/${field}` : ''}`

export const useCustomFields = (module: string) =>
  useQuery({ queryKey: ['fields', module], queryFn: () => api.get<Page<CustomField>>(path(module)) })

/** What a field is changes the whole console: its declaration is read anew. */
function useAnew() {
  const client = useQueryClient()
  return () =>
    Promise.all([client.invalidateQueries({ queryKey: ['fields'] }), client.invalidateQueries({ queryKey: ['meta'] })])
}

export function useSaveField(module: string, existing?: CustomField) {
  const anew = useAnew()
  return useMutation({
    mutationFn: (body: object) =>
      existing
        ? api.patch<CustomField>(path(module, existing.field), body, existing.version)
        : api.post<CustomField>(path(module), body),
    onSuccess: anew,
  })
}

export function useDeleteField(module: string) {
  const anew = useAnew()
  return useMutation({ mutationFn: (field: string) => api.remove(path(module, field)), onSuccess: anew })
}

/** A name for programs from what people read: «Talla de pie» → talla_de_pie. */
export const nameOf = (label: string): string =>
  label
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
