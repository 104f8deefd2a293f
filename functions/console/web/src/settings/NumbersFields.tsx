import { Group, NumberInput, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Values } from '../api/types'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { ink } from '../theme'
import { Await } from '../ui/Feedback'
import { inside, without } from './declared'
import { useForeseen, type Foreseen } from './foreseen'

interface Props {
  draft: Values
  change: (draft: Values) => void
}

/** How each module writes its numbers, and which one is next: now, and once this is saved. */
export function NumbersFields({ draft, change }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules } = useMeta()
  const now = useForeseen({})
  const then = useForeseen(draft).data?.items
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
        <Await query={now}>
          {({ items }) =>
            items.map((each) => (
              <Row
                key={each.kind}
                label={format.label(modules.find(({ id }) => id === each.kind)?.label) || t(`nav.${each.kind}`)}
                now={each}
                then={then?.find(({ kind }) => kind === each.kind) ?? each}
                value={written(each.kind)}
                set={(part) => set(each.kind, part)}
              />
            ))
          }
        </Await>
      </Stack>
    </Paper>
  )
}

interface RowProps {
  label: string
  now: Foreseen
  then: Foreseen
  value: Values
  set: (part: Values) => void
}

function Row({ label, now, then, value, set }: RowProps) {
  const { t } = useTranslation()
  const id = now.kind
  // What was once said and has been reached says nothing any more; what is being typed stays as it is typed.
  const [typed, setTyped] = useState(false)
  const said = typeof value.next === 'number' ? value.next : null
  const next = !typed && said !== null && said < now.next ? null : said
  const name = (part: string) => `${t(`settings.numbers.${part}`)}: ${label}`
  const errors = { prefix: useErrorAt(`${id}.prefix`), padding: useErrorAt(`${id}.padding`), next: useErrorAt(`${id}.next`) }
  const number = (part: 'padding' | 'next', max: number, shown: number | null) => (
    <NumberInput
      size="sm"
      name={`${id}.${part}`}
      label={t(`settings.numbers.${part}`)}
      aria-label={name(part)}
      error={errors[part]}
      allowDecimal={false}
      placeholder={String(now[part])}
      min={part === 'next' ? 1 : 0}
      max={max}
      value={shown ?? ''}
      onChange={(changed) => {
        if (part === 'next') setTyped(true)
        set({ [part]: changed === '' ? null : Number(changed) })
      }}
    />
  )
  return (
    <div role="group" aria-label={label}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Title order={3} fz="sm">
          {label}
        </Title>
        <Text size="sm" aria-live="polite">
          {t(now.in_blocks ? 'settings.numbers.now_in_blocks' : 'settings.numbers.now', { number: now.number })}
          {then.number !== now.number && (
            <Text span size="sm" fw={600}>
              {' '}
              {t('settings.numbers.then', { number: then.number })}
            </Text>
          )}
        </Text>
      </Group>
      <SimpleGrid cols={3} spacing="xs">
        <TextInput
          name={`${id}.prefix`}
          label={t('settings.numbers.prefix')}
          aria-label={name('prefix')}
          error={errors.prefix}
          placeholder={now.prefix}
          value={typeof value.prefix === 'string' ? value.prefix : ''}
          onChange={({ currentTarget }) => set({ prefix: currentTarget.value })}
        />
        {number('padding', 12, typeof value.padding === 'number' ? value.padding : null)}
        {number('next', 1_000_000_000, next)}
      </SimpleGrid>
      {next !== null && next < now.next && (
        <Text size="xs" mt={4} c={ink('orange')}>
          {t('settings.numbers.past', { asked: next, number: then.number })}
        </Text>
      )}
    </div>
  )
}
