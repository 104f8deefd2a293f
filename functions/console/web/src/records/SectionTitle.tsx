import { Title } from '@mantine/core'
import type { Module } from '../api/types'
import { useFormat } from '../format'
import { fieldOf } from '../meta'

/** The heading of a section; one that holds a single field of the same name needs none. */
export function SectionTitle({ module, section }: { module: Module; section: Module['sections'][number] }) {
  const format = useFormat()
  const label = format.label(section.label)
  const only = section.fields.length === 1 ? fieldOf(module, section.fields[0] ?? '') : undefined
  if (only && format.label(only.label) === label) return null
  return (
    <Title order={2} fz="md" mb="sm">
      {label}
    </Title>
  )
}
