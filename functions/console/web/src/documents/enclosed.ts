import type { Json, Values } from '../api/types'

/** Kinds of definition that go along with a mail: documents as they are, and templates that one is generated from. */
export const ENCLOSED = ['documents', 'document_templates'] as const
export type Kind = (typeof ENCLOSED)[number]
export type Enclosed = Record<Kind, string[]>

/** One thing that goes along, as the API lists it. What is gone has no name. */
export interface Attached {
  kind: Kind | 'files'
  id: string | null
  from: 'template' | 'send' | 'request'
  name: string | null
  file: string | null
  size: number | null
}

const idsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])

/** What a template, an action or a task names. */
export const enclosedOf = (values: Values | undefined): Enclosed => ({
  documents: idsOf(values?.documents),
  document_templates: idsOf(values?.document_templates),
})

/** The same one in both goes along once; the template's come first. */
export const joined = (brought: Enclosed, chosen: Enclosed): Enclosed => ({
  documents: [...new Set([...brought.documents, ...chosen.documents])],
  document_templates: [...new Set([...brought.document_templates, ...chosen.document_templates])],
})

export const nounOf = (kind: Kind): string => kind.replaceAll('_', '-')
