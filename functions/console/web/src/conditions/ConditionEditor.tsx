import { useRef } from 'react'
import type { Condition, Module } from '../api/types'
import { GroupEditor } from './GroupEditor'
import { sizeOf, WholeSize } from './limits'
import { Arriving, type Arrival } from './scope'
import { branchOf } from './tree'

interface Props {
  module: Module
  value: Condition | null
  onChange: (condition: Condition | null) => void
  /** Where the condition stands in what is sent. */
  path: string
  /** Whether there is a change whose value before can be asked about. */
  past?: boolean
}

/** A condition of any depth: groups of which all or any must hold, or not, and questions of every kind. */
export function ConditionEditor({ module, value, onChange, path, past = false }: Props) {
  const arriving = useRef<Arrival | null>(null)
  return (
    <WholeSize value={sizeOf(value)}>
      <Arriving value={arriving}>
        <GroupEditor
          scope={{ module, past, inner: false, without: [] }}
          value={value}
          path={path}
          onChange={(next) => onChange(branchOf(next).parts.length > 0 ? next : null)}
        />
      </Arriving>
    </WholeSize>
  )
}
