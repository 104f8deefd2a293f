import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Entity } from '../api/types'
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
  const { t } = useTranslation()
  return (
    <Modal.Stack>
      <Modal
        stackId="send"
        opened={opened}
        onClose={onClose}
        title={title}
        size="lg"
        centered
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <SendDialog record={record} onClose={onClose} begin={begin} />
      </Modal>
    </Modal.Stack>
  )
}
