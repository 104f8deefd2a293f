import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client'
import type { Page } from '../api/types'

export interface User {
  id: string
  name: string
  email: string
  role: string
  language: string
  groups: string[]
  disabled: boolean
  version: number
  created_at?: string
}

export interface UserGroup {
  id: string
  name: string
  version: number
}

export const useUsers = () => useQuery({ queryKey: ['users', 'list'], queryFn: () => api.get<Page<User>>('/v1/users') })

export const useGroups = () => useQuery({ queryKey: ['groups', 'list'], queryFn: () => api.get<Page<UserGroup>>('/v1/groups') })

/** One is made, changed or removed; names of users and groups stand in the declaration too. */
function useWrite<T, B>(noun: string, write: (body: B) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [noun] })
      void client.invalidateQueries({ queryKey: ['meta'] })
    },
  })
}

export const useSaveUser = (user?: User) =>
  useWrite('users', (body: Partial<User>) =>
    user ? api.patch<User>(`/v1/users/${user.id}`, body, user.version) : api.post<User>('/v1/users', body),
  )

export const useSaveGroup = (group?: UserGroup) =>
  useWrite('groups', (body: { name: string }) =>
    group ? api.patch<UserGroup>(`/v1/groups/${group.id}`, body, group.version) : api.post<UserGroup>('/v1/groups', body),
  )

export const useDeleteGroup = () => useWrite('groups', (id: string) => api.remove<null>(`/v1/groups/${id}`))
