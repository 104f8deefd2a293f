import { Button, Group } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface Props {
  hasPrevious: boolean
  hasNext: boolean
  onPrevious: () => void
  onNext: () => void
}

/** Pages are signed cursors: there is a next one and a way back, but no page 17. */
export function Pager({ hasPrevious, hasNext, onPrevious, onNext }: Props) {
  const { t } = useTranslation()
  if (!hasPrevious && !hasNext) return null
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        disabled={!hasPrevious}
        onClick={onPrevious}
        leftSection={<IconChevronLeft size={14} />}
      >
        {t('list.previous')}
      </Button>
      <Button size="xs" variant="default" disabled={!hasNext} onClick={onNext} rightSection={<IconChevronRight size={14} />}>
        {t('list.next')}
      </Button>
    </Group>
  )
}
