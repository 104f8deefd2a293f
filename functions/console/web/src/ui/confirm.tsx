import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import type { ReactNode } from 'react'

interface Question {
  title: string
  text: string
  /** What else there is to know before answering. */
  more?: ReactNode
  confirm: string
  danger?: boolean
  act: () => void
}

/** Nothing that cannot be taken back happens on one click. */
export function ask({ title, text, more, confirm, danger = false, act }: Question): void {
  modals.openConfirmModal({
    title,
    centered: true,
    children: (
      <>
        <Text size="sm">{text}</Text>
        {more}
      </>
    ),
    labels: { confirm, cancel: i18next.t('action.cancel') },
    confirmProps: danger ? { color: 'red' } : {},
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
    onConfirm: act,
  })
}

export const tell = (message: string) => notifications.show({ message, color: 'teal', withBorder: true })

export const warn = (message: string) => notifications.show({ message, color: 'red', withBorder: true, autoClose: 8_000 })
