import { ActionIcon, Box, Flex, Group, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { use, useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition } from '../api/types'
import { Errors } from '../editing/errors'
import { Arriving } from './scope'

interface Props {
  part: Condition
  path: string
  grouped: boolean
  mayRise: boolean
  mayFall: boolean
  onStep: (by: -1 | 1) => void
  onRemove: () => void
  children: ReactNode
}

/** Around every part of a group: moved with its arrows (or Alt and the arrow keys), removed, and told what the API refuses of it. */
export function PartFrame({ part, path, grouped, mayRise, mayFall, onStep, onRemove, children }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const arriving = use(Arriving)
  const refused = use(Errors).filter((error) => error.path === path)

  useEffect(() => {
    const arrival = arriving.current
    if (arrival?.part !== part) return
    arriving.current = null
    // The button that moved it, so that the next press moves it on; at the end of the road, the other one.
    const wanted = arrival.by === 0 ? 'input, button' : `[data-step="${arrival.by}"]:enabled, [data-step]:enabled`
    const found = [...(frame.current?.querySelectorAll<HTMLElement>(wanted) ?? [])]
    const own = arrival.by === 0 ? found : found.filter((each) => each.closest('[data-part]') === frame.current)
    ;(own.find((each) => each.dataset.step === String(arrival.by)) ?? own[0])?.focus()
  })

  const press = (event: KeyboardEvent) => {
    const by = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation()
    onStep(by as -1 | 1)
  }

  return (
    <Box
      ref={frame}
      data-part={path}
      onKeyDown={press}
      pl={grouped ? 'sm' : 0}
      style={grouped ? { borderLeft: '3px solid var(--mantine-color-blue-2)' } : undefined}
    >
      {/* On a phone the buttons stand under their part: beside it, each level would take their width again. */}
      <Flex direction={{ base: 'column', sm: 'row' }} gap={{ base: 2, sm: 'xs' }} align={{ base: 'stretch', sm: 'flex-start' }}>
        <Box flex={1} miw={0}>
          {children}
        </Box>
        <Group gap={0} wrap="nowrap" justify="flex-end" mt={{ base: 0, sm: grouped ? 0 : 4 }}>
          <ActionIcon variant="subtle" color="gray.7" data-step={-1} disabled={!mayRise} aria-label={t('editor.up')} onClick={() => onStep(-1)}>
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray.7" data-step={1} disabled={!mayFall} aria-label={t('editor.down')} onClick={() => onStep(1)}>
            <IconArrowDown size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red.9" aria-label={t(grouped ? 'condition.remove_group' : 'filter.remove')} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Flex>
      {refused.map(({ message }) => (
        <Text key={message} size="xs" c="red.9" role="alert">
          {message}
        </Text>
      ))}
    </Box>
  )
}
