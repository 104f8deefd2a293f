import type { Field, Meta, Module } from '../api/types'
import { fieldOf } from '../meta'
import type { Scope } from './scope'

export interface FieldGroup {
  /** Empty for the record's own fields, else the relation that leads to the others. */
  relation: Field | null
  module: Module
  fields: Field[]
}

/** A field of the module's own, or one that every record has. */
export const anyField = (meta: Meta, module: Module, id: string): Field | undefined =>
  fieldOf(module, id) ?? meta.system_fields.find((field) => field.id === id)

/** What a condition can ask about: the record, and whatever it points to, one step away; of related ones their own alone. */
export function fieldGroups(meta: Meta, { module, inner, without }: Scope): FieldGroup[] {
  const fields = [...module.fields, ...meta.system_fields].filter(({ id }) => !without.includes(id))
  const own = { relation: null, module, fields }
  if (inner) return [own]
  const related = module.fields.flatMap((relation) => {
    const other = meta.modules.find(({ id }) => id === relation.relation)
    return other ? [{ relation, module: other, fields: [...other.fields, ...meta.system_fields] }] : []
  })
  return [own, ...related]
}

export const pathOf = (group: FieldGroup, field: Field): string => (group.relation ? `${group.relation.id}.${field.id}` : field.id)
