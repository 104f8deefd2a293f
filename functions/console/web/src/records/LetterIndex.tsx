import { Group, Select, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Module } from '../api/types'
import { useFormat } from '../format'
import { useLetters } from './many'

const LETTERS = [...'ABCDEFGHIJKLMNÑOPQRSTUVWXYZ']

interface Props {
  module: Module
  request: Record<string, string | null>
  letter: string | null
  onChange: (letter: string | null) => void
}

/** A–Z with Ñ, by what the records are called, each with how many there are; on a phone a list to choose from. */
export function LetterIndex({ module, request, letter, onChange }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const counts = useLetters(module.id, request).data?.letters
  const told = (each: string) => {
    const count = counts?.[each]
    return count === undefined ? each : t('options.letter', { letter: each, number: format.integer(count) })
  }
  const empty = (each: string) => counts?.[each] === 0 && each !== letter
  return (
    <>
      <Group gap={2} mb="sm" role="group" aria-label={t('options.letters')} visibleFrom="sm">
        {LETTERS.map((each) => (
          <UnstyledButton
            key={each}
            miw={26}
            px={2}
            py={2}
            ta="center"
            bg={each === letter ? 'var(--mantine-color-blue-1)' : undefined}
            style={{ borderRadius: 4, cursor: empty(each) ? 'default' : 'pointer' }}
            aria-pressed={each === letter}
            disabled={empty(each)}
            onClick={() => onChange(each === letter ? null : each)}
          >
            <Text component="span" display="block" fz="sm" lh={1.2} fw={each === letter ? 700 : 400} c={empty(each) ? 'dimmed' : undefined}>
              {each}
            </Text>{' '}
            <Text component="span" display="block" fz={11} lh={1.2} c="dimmed" mih={13}>
              {counts?.[each] ? format.integer(counts[each]) : ''}
            </Text>
          </UnstyledButton>
        ))}
      </Group>
      <Select
        hiddenFrom="sm"
        mb="sm"
        aria-label={t('options.letters')}
        placeholder={t('options.letters')}
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        data={LETTERS.map((each) => ({ value: each, label: told(each), disabled: empty(each) }))}
        value={letter}
        onChange={onChange}
      />
    </>
  )
}
