import './SaveBar.css'
import { Group } from '@mantine/core'
import type { ReactNode } from 'react'

/** How a form is left, saved or not: always in reach, however long the form is. */
export function SaveBar({ children }: { children: ReactNode }) {
  return (
    <Group justify="flex-end" className="save-bar">
      {children}
    </Group>
  )
}
