import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface Props {
  /** The way here: the cursor of each page after the first. */
  cursors: string[]
  onChange: (cursors: string[]) => void
  /** The cursor of the page behind this one, where there is one. */
  next?: string | null
}

/** Pages are signed cursors: there is a next one and a way back, but no page 17. */
export function Pager({ cursors, onChange, next }: Props) {
  const { t } = useTranslation()
  if (cursors.length === 0 && !next) return null
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        disabled={cursors.length === 0}
        onClick={() => onChange(cursors.slice(0, -1))}
        leftSection={<IconChevronLeft size={14} />}
      >
        {t('list.previous')}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!next}
        onClick={() => next && onChange([...cursors, next])}
        rightSection={<IconChevronRight size={14} />}
      >
        {t('list.next')}
      </Button>
    </Group>
  )
}
