import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Entity } from '../api/types'
import { invalidateSoon } from '../api/queries'
import { useMayWrite } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'

/** Nobody knows whether it left: a person says that it did, or sends it once more. */
export function Decide({ message, name }: { message: Entity; name: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const mayWrite = useMayWrite()
  const deciding = useMutation({
    mutationFn: (decision: 'accept' | 'send-again') => api.post(`/v1/messages/${message.id}/${decision}`, {}),
    onSuccess: (_, decision) => {
      tell(t(decision === 'accept' ? 'decide.accepted' : 'decide.sent_again'))
      invalidateSoon(client, ['records', 'messages'])
      void client.invalidateQueries({ queryKey: ['record', 'messages', message.id] })
      void client.invalidateQueries({ queryKey: ['jobs'] })
    },
    onError: (error) => warn(problemText(error)),
  })
  if (!mayWrite) return null
  const again = () =>
    ask({
      title: t('decide.again_title', { name }),
      text: t('decide.again_text'),
      confirm: t('decide.again'),
      act: () => deciding.mutate('send-again'),
    })
  const decided = deciding.isPending || deciding.isSuccess
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="compact-sm" variant="light" disabled={decided} onClick={() => deciding.mutate('accept')}>
        {t('decide.accept')}
      </Button>
      <Button size="compact-sm" variant="default" disabled={decided} onClick={again}>
        {t('decide.again')}
      </Button>
    </Group>
  )
}
