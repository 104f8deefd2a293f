import type { Json } from '../api/types'

/** One part of a document template, as the API has it. */
export interface Part {
  kind: string
  text?: string
  columns?: { title: string; align?: string }[]
  rows?: string[][]
  each?: string
}

export const partsOf = (value: Json | undefined): Part[] => (Array.isArray(value) ? (value as unknown as Part[]) : [])

/** A new part of that kind; a text that is there stays. */
export const blankPart = (kind: string, text = ''): Part =>
  kind === 'lines' ? { kind, columns: [{ title: '', align: 'left' }], rows: [['']] } : { kind, text }
