import { useState } from 'react'
import type { Entity } from '../api/types'
import { Window } from '../ui/Window'
import type { Plan } from './plan'
import { SendDialog } from './SendDialog'

interface Props {
  record: Entity
  opened: boolean
  onClose: () => void
  title: string
  begin?: Partial<Plan>
}

/** The window of a send. Another opens on top of it, and Escape closes that one alone; a click beside it closes nothing. */
export function SendModal({ record, opened, onClose, title, begin }: Props) {
  const [covered, setCovered] = useState(false)
  return (
    <Window opened={opened} onClose={onClose} title={title} size="lg" closeOnClickOutside={false} closeOnEscape={!covered}>
      <SendDialog record={record} onClose={onClose} begin={begin} onCovered={setCovered} />
    </Window>
  )
}
