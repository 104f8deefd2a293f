import type { Json, Module } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { SelectField } from './inputs'

interface Props {
  value: Json | undefined
  onChange: (id: string | null) => void
  /** Those to choose from; all of them unless said otherwise. */
  modules?: Module[]
}

/** What kind of record a definition is about. */
export function ModuleField({ value, onChange, modules }: Props) {
  const format = useFormat()
  const all = useMeta().modules
  const data = (modules ?? all).map(({ id, label }) => ({ value: id, label: format.label(label) }))
  return <SelectField path="module" required data={data} value={value} onChange={onChange} />
}
