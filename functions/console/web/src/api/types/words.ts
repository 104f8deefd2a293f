/** The words and values that everything else is made of. */
export type Language = 'es' | 'en'

export type Label = Partial<Record<Language, string>>

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export type Values = Record<string, Json>

export interface Option {
  value: string
  label: Label
}

export interface Named {
  id: string
  label: Label
}

export interface Page<T> {
  items: T[]
  next: string | null
  as_of?: string
  exact?: boolean
}

export type Cause = Record<string, Json>

export interface FieldError {
  path: string
  rule?: string
  message: string
}

/** Anything kept under Definitions (workflow, form, template, action…): its keys are shown as they come. */
export type Definition = { id: string; name?: string } & Values

/** Something that names what is to be changed or deleted. */
export interface Use {
  kind: string
  id: string
  name: string
}
