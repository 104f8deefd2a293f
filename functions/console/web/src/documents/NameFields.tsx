import { Paper } from '@mantine/core'
import type { FieldsProps } from '../editing/draft'
import { TextField } from '../editing/inputs'

/** Of a document that is there only its name changes: another file is another document. */
export function NameFields({ draft, change }: FieldsProps) {
  return (
    <Paper maw={640}>
      <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
    </Paper>
  )
}
