import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Cause, Field, MemberSource } from '../api/types'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { Await } from '../ui/Feedback'
import { By } from './By'
import { Tree, type Explained } from './Tree'

interface Past {
  member: boolean
  since: string | null
  until: string | null
  sources: MemberSource[]
  cause: Cause | null
  /** Without a verdict where the rule looks at more than the record, of which no past is kept. */
  rules: { id: string; verdict: boolean | null; tree: Explained | null }[]
}

interface Props {
  segment: string
  module: string
  id: string
}

/** How it stood at an instant of one's choice, as the record's history tells it. */
export default function WhyAsOf({ segment, module, id }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [at, setAt] = useState<string | null>(null)
  const field: Field = { id: 'at', label: { [format.language]: t('why.at') }, type: 'datetime' }
  return (
    <Stack gap="xs">
      <FieldInput field={field} value={at} onChange={(next) => setAt(typeof next === 'string' ? next : null)} />
      {at && <Then segment={segment} module={module} id={id} at={at} />}
    </Stack>
  )
}

function Then({ segment, module, id, at }: Props & { at: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery({
    queryKey: ['segments', 'why', segment, module, id, at],
    queryFn: () => api.get<Past>(`/v1/segments/${segment}/why/${module}/${id}`, { at }),
  })
  return (
    <Await query={query} lines={2}>
      {({ member, since, until, sources, cause, rules }) => (
        <Stack gap={4} role="status" aria-label={t('why.at')}>
          <Text size="sm" fw={600}>
            {t(member ? 'why.was_in' : 'why.was_out', { at: format.instant(at) })}
          </Text>
          {since && <Text size="xs">{t(member ? 'why.entered' : 'why.left', { at: format.instant(since) })}</Text>}
          {until && <Text size="xs">{t(member ? 'why.left_later' : 'why.entered_later', { at: format.instant(until) })}</Text>}
          {sources.length > 0 && (
            <Text size="xs">{sources.map(({ kind }) => t(`source.${kind}`, { defaultValue: kind })).join(', ')}</Text>
          )}
          {cause && <By cause={cause} />}
          {rules.map(({ id: rule, verdict, tree }) => (
            <Stack key={rule} gap={2}>
              <Text size="sm" fw={600}>
                {t(verdict === null ? 'why.untold' : verdict ? 'why.rule_held' : 'why.rule_failed')}
              </Text>
              {tree && <Tree tree={tree} module={module} />}
            </Stack>
          ))}
        </Stack>
      )}
    </Await>
  )
}
