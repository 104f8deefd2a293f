import { createContext, useContext, type ReactNode } from 'react'
import type { Entity, Field, Json, Meta, Module } from './api/types'

/** Who can stand in segments and be written to; by design these three and no other. */
export const RECIPIENTS = ['contacts', 'accounts', 'leads']

const MetaContext = createContext<Meta | null>(null)

export const MetaProvider = ({ meta, children }: { meta: Meta; children: ReactNode }) => (
  <MetaContext value={meta}>{children}</MetaContext>
)

/** What the back end declares: modules, fields, operators, words. All pages are drawn from it. */
export function useMeta(): Meta {
  const meta = useContext(MetaContext)
  if (!meta) throw new Error('useMeta is for pages, which stand inside MetaProvider')
  return meta
}

export const useModule = (id: string | undefined): Module | undefined => useMeta().modules.find((module) => module.id === id)

export const fieldOf = (module: Module, id: string): Field | undefined => module.fields.find((field) => field.id === id)

export const shown = (value: Json | undefined): value is Json => value !== undefined && value !== null && value !== ''

/** The name of a record on screen: its title fields, else its number, else its id. */
export function titleOf(module: Module | undefined, record: Entity): string {
  const words = (module?.title_fields ?? []).map((id) => record.values[id]).filter(shown)
  return words.length > 0 ? words.join(' ') : (record.number ?? record.id)
}

/** A user or group by id; an id that nobody bears any more is shown as it is. */
export function useOwnerName(): (id: string | null | undefined) => string {
  const { users, groups } = useMeta()
  return (id) => [...users, ...groups].find((owner) => owner.id === id)?.name ?? id ?? ''
}

export function useMayWrite(): boolean {
  return useMeta().user.role !== 'viewer'
}
