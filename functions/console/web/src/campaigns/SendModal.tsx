import { Modal } from '@mantine/core'
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

/** The window of a send. Others open on top of it, and Escape closes the topmost alone; a click beside it closes nothing. */
export function SendModal({ record, opened, onClose, title, begin }: Props) {
  return (
    <Modal.Stack>
      <Window stackId="send" opened={opened} onClose={onClose} title={title} size="lg" closeOnClickOutside={false}>
        <SendDialog record={record} onClose={onClose} begin={begin} />
      </Window>
    </Modal.Stack>
  )
}
