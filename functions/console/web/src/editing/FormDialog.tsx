import { Button, Group, Stack } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Window } from '../ui/Window'
import { Errors, ErrorSummary, errorsOf } from './errors'
import type { Writing } from './kept'

interface Props {
  title: string
  /** What is written in it, where that is kept. */
  writing?: Pick<Writing<object>, 'unsaved' | 'end' | 'notice'>
  /** What is being written: whether it is on its way, and what was refused of it. */
  save: { isPending: boolean; error: unknown }
  submit: () => void
  onClose: () => void
  /** The word of the button that does it. */
  confirm?: string
  danger?: boolean
  ready?: boolean
  size?: string
  children: ReactNode
}

/** A form in a window: its fields, what was refused of them, and two ways out. */
export function FormDialog({ title, writing, save, submit, onClose, confirm, danger, ready = true, size, children }: Props) {
  const { t } = useTranslation()
  const errors = errorsOf(save.error)
  // It is taken away as a whole when it closes: the kit gives the focus back only to a window that stays.
  const [before] = useState(() => document.activeElement)
  useEffect(() => () => (before instanceof HTMLElement ? before.focus() : undefined), [before])
  const close = () => {
    writing?.end()
    onClose()
  }
  return (
    // A click beside it is often a slip: it costs nothing that is half written.
    <Window opened onClose={close} title={title} size={size} closeOnClickOutside={!writing?.unsaved}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          // A form of the page can be around this one in React's tree, though not on the screen.
          event.stopPropagation()
          submit()
        }}
      >
        <Errors value={errors}>
          <Stack>
            {writing?.notice}
            {children}
            <ErrorSummary problem={save.error} errors={errors} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('action.cancel')}
              </Button>
              <Button type="submit" color={danger ? 'red.9' : undefined} disabled={!ready} loading={save.isPending}>
                {confirm ?? t('action.save')}
              </Button>
            </Group>
          </Stack>
        </Errors>
      </form>
    </Window>
  )
}
