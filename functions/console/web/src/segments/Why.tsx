import { ActionIcon, Anchor, Button, Popover, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Cause, Condition, MemberSource } from '../api/types'
import { useSentence } from '../conditions/sentence'
import { useFormat } from '../format'
import { useMayWrite } from '../meta'
import { tell, warn } from '../ui/confirm'
import { Await, Loading, useProblemText } from '../ui/Feedback'
import { By } from './By'
import { useFreeing } from './membership'
import { Tree, type Explained } from './Tree'

// A calendar comes with it: fetched when somebody asks about the past.
const WhyAsOf = lazy(() => import('./WhyAsOf'))

interface Explanation {
  member: boolean
  since: string | null
  sources: MemberSource[]
  blocked: { at: string; cause: Cause } | null
  rules?: Rule[]
}

interface Rule {
  id: string
  verdict: boolean
  tree: Explained
  turned_by: Condition[]
  flips_at: string | null
}

interface Props {
  segment: string
  module: string
  id: string
}

/** Why somebody is a member, or is not, behind a button. */
export function Why(props: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} width={340} position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray.7" aria-label={t('segment.why')} onClick={() => setOpened(!opened)}>
          <IconInfoCircle size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('segment.why')} mah={420} style={{ overflowY: 'auto' }} tabIndex={0}>
        {opened && <WhyInWords {...props} />}
      </Popover.Dropdown>
    </Popover>
  )
}

/** Every source, since when and by whom; what keeps AutoSync away; what each rule found, and what would turn it. */
export function WhyInWords({ segment, module, id }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const query = useQuery({
    queryKey: ['segments', 'why', segment, module, id],
    queryFn: () => api.get<Explanation>(`/v1/segments/${segment}/why/${module}/${id}`),
  })
  return (
    <Await query={query} lines={2}>
      {({ member, since, sources, blocked, rules }) => (
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {member ? t('why.in', { at: since ? format.instant(since) : '' }) : t('why.out')}
          </Text>
          {sources.map(({ kind, since: at, cause }, index) => (
            <div key={index}>
              <Text size="sm" fw={600}>
                {t(`source.${kind}`, { defaultValue: kind })}
              </Text>
              <Text size="xs" c="dimmed">
                {at && format.instant(at)}
              </Text>
              {cause && <By cause={cause} />}
            </div>
          ))}
          {blocked && <Blocked segment={segment} module={module} id={id} at={blocked.at} />}
          {(rules ?? []).map((rule) => (
            <RuleInWords key={rule.id} rule={rule} module={module} />
          ))}
          <AnotherTime segment={segment} module={module} id={id} />
        </Stack>
      )}
    </Await>
  )
}

/** How it stood before, where somebody asks. */
function AnotherTime(props: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  if (!asked)
    return (
      <Anchor component="button" type="button" size="xs" style={{ alignSelf: 'flex-start' }} onClick={() => setAsked(true)}>
        {t('why.another_time')}
      </Anchor>
    )
  return (
    <Suspense fallback={<Loading lines={1} />}>
      <WhyAsOf {...props} />
    </Suspense>
  )
}

function Blocked({ segment, module, id, at }: Props & { at: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <Text size="sm">{t('segment.blocked', { at: format.instant(at) })}</Text>
      <LetIn segment={segment} module={module} id={id} />
    </>
  )
}

/** AutoSync may look after this record again. */
export function LetIn({ segment, module, id }: Props) {
  const { t } = useTranslation()
  const mayWrite = useMayWrite()
  const problemText = useProblemText()
  const freeing = useFreeing(segment)
  if (!mayWrite) return null
  const free = () =>
    freeing.mutate([{ module, id }], {
      onSuccess: () => tell(t('segment.let_in_done')),
      onError: (error) => warn(problemText(error)),
    })
  return (
    <Button size="xs" variant="light" loading={freeing.isPending} onClick={free} style={{ alignSelf: 'flex-start' }}>
      {t('segment.let_in')}
    </Button>
  )
}

function RuleInWords({ rule, module }: { rule: Rule; module: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentence = useSentence()
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t(rule.verdict ? 'why.rule_holds' : 'why.rule_fails')}
      </Text>
      <Tree tree={rule.tree} module={module} />
      {rule.turned_by.length > 0 && (
        <Text size="xs">
          {t('why.turned_by', { what: rule.turned_by.map((leaf) => sentence(leaf, module)).join('; ') })}
        </Text>
      )}
      {rule.flips_at && <Text size="xs">{t('why.flips_at', { at: format.instant(rule.flips_at) })}</Text>}
    </Stack>
  )
}
