import { NumberInput, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Values } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { inside, without } from './declared'

interface Props {
  draft: Values
  change: (draft: Values) => void
}

/** How each module writes its numbers, and which one is next. What nobody fills in stays as it is. */
export function NumbersFields({ draft, change }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  const kinds = [
    ...modules.map(({ id, label, prefix }) => ({ id, label: format.label(label), prefix })),
    { id: 'segments', label: t('nav.segments'), prefix: 'SEGL-' },
  ]
  const written = (id: string): Values => (typeof draft[id] === 'number' ? { next: draft[id] } : inside(draft[id]))
  const set = (id: string, part: Values) => {
    const filled = Object.entries({ ...written(id), ...part }).filter(([, value]) => value !== '' && value !== null)
    change(filled.length > 0 ? { ...draft, [id]: Object.fromEntries(filled) } : without(draft, id))
  }
  return (
    <Paper>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('settings.numbers.hint')}
        </Text>
        {kinds.map(({ id, label, prefix }) => (
          <Row key={id} id={id} label={label} usual={prefix ?? ''} value={written(id)} set={(part) => set(id, part)} />
        ))}
      </Stack>
    </Paper>
  )
}

interface RowProps {
  id: string
  label: string
  usual: string
  value: Values
  set: (part: Values) => void
}

function Row({ id, label, usual, value, set }: RowProps) {
  const { t } = useTranslation()
  const name = (part: string) => `${t(`settings.numbers.${part}`)}: ${label}`
  const errors = { prefix: useErrorAt(`${id}.prefix`), padding: useErrorAt(`${id}.padding`), next: useErrorAt(`${id}.next`) }
  const number = (part: 'padding' | 'next', max: number) => (
    <NumberInput
      size="sm"
      name={`${id}.${part}`}
      label={t(`settings.numbers.${part}`)}
      aria-label={name(part)}
      error={errors[part]}
      allowDecimal={false}
      min={part === 'next' ? 1 : 0}
      max={max}
      value={typeof value[part] === 'number' ? value[part] : ''}
      onChange={(next) => set({ [part]: next === '' ? null : Number(next) })}
    />
  )
  return (
    <div role="group" aria-label={label}>
      <Title order={3} fz="sm" mb={4}>
        {label}
      </Title>
      <SimpleGrid cols={3} spacing="xs">
        <TextInput
          name={`${id}.prefix`}
          label={t('settings.numbers.prefix')}
          aria-label={name('prefix')}
          error={errors.prefix}
          placeholder={usual}
          value={typeof value.prefix === 'string' ? value.prefix : ''}
          onChange={({ currentTarget }) => set({ prefix: currentTarget.value })}
        />
        {number('padding', 12)}
        {number('next', 1_000_000_000)}
      </SimpleGrid>
    </div>
  )
}
