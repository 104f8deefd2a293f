import { Button, Group, Paper, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import { invalidateSoon } from '../api/queries'
import type { Condition, Entity } from '../api/types'
import { useFormat } from '../format'
import { useMayWrite } from '../meta'
import { doneAtOnce, type ManyJob } from '../records/many'
import { ask, tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'

type Decision = 'accept' | 'send_again'
type Meant = { ids: string[] } | { condition: Condition }

interface Props {
  /** Those that are ticked; without any, all that the list finds are meant. */
  selected: Entity[]
  condition: Condition
  onDone: () => void
}

/** Several mails in doubt decided at once: counted before, asked once more, and not taken back. */
export function DecideMany({ selected, condition, onDone }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const client = useQueryClient()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const mayWrite = useMayWrite()
  const meant: Meant = selected.length > 0 ? { ids: selected.map(({ id }) => id) } : { condition }
  const onError = (error: unknown) => warn(problemText(error))
  const deciding = useMutation({
    mutationFn: (body: { decision: Decision } & Meant) => api.post<ManyJob>('/v1/messages/decide', body),
    onSuccess: (job) => {
      invalidateSoon(client, ['records', 'messages'])
      void client.invalidateQueries({ queryKey: ['record', 'messages'] })
      void client.invalidateQueries({ queryKey: ['jobs'] })
      onDone()
      if (!doneAtOnce(job) || job.failed > 0) return void navigate(`/jobs/${job.id}`)
      tell(t('decide.decided', { number: format.integer(Number(job.outcome?.changed ?? 0)) }))
    },
    onError,
  })
  const counting = useMutation({
    mutationFn: (decision: Decision) => api.post<{ count: number }>('/v1/messages/decide', { decision, ...meant, preview: true }),
    onSuccess: ({ count }, decision) => {
      const number = format.integer(count)
      ask({
        title: t(decision === 'accept' ? 'decide.accept_many_title' : 'decide.again_many_title', { count, number }),
        text: t(decision === 'accept' ? 'decide.accept_many_text' : 'decide.again_many_text'),
        confirm: t(decision === 'accept' ? 'decide.accept' : 'decide.again'),
        danger: decision === 'send_again',
        act: () => deciding.mutate({ decision, ...meant }),
      })
    },
    onError,
  })
  if (!mayWrite) return null
  const busy = counting.isPending || deciding.isPending
  return (
    <Paper p="xs" mb="sm" role="region" aria-label={t('decide.many')}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {selected.length > 0
            ? t('many.selected', { count: selected.length, number: format.integer(selected.length) })
            : t('decide.all')}
        </Text>
        <Group gap="xs" ml="auto">
          <Button size="xs" variant="light" disabled={busy} onClick={() => counting.mutate('accept')}>
            {t('decide.accept')}
          </Button>
          <Button size="xs" variant="default" disabled={busy} onClick={() => counting.mutate('send_again')}>
            {t('decide.again')}
          </Button>
        </Group>
      </Group>
    </Paper>
  )
}
