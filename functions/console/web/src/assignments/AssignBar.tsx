import { Button, Group, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinitions } from '../api/queries'
import { tell, warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'
import { useAssign, type Verb } from './assign'

const NOUNS = ['plans', 'scheduled-actions']

/** On the page of a recipient: put it on a plan or a scheduled action, or take it off. */
export function AssignBar({ recipient }: { recipient: { module: string; id: string } }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const [chosen, setChosen] = useState<string | null>(null)
  const known = [useDefinitions('plans').data?.items ?? [], useDefinitions('scheduled-actions').data?.items ?? []]
  const change = useAssign()
  const go = (verb: Verb) => {
    const [noun = '', id = ''] = chosen?.split('/') ?? []
    change.mutate(
      { noun, id, verb, recipients: [recipient] },
      {
        onSuccess: ({ items }) => tell(t(items.length > 0 ? `assignment.${verb}ed` : 'assignment.nothing_changed')),
        onError: (error) => warn(problemText(error)),
      },
    )
  }
  return (
    <Group mb="sm" gap="xs">
      <Select
        flex="1 1 220px"
        maw={360}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        nothingFoundMessage={t('list.nothing_found')}
        aria-label={t('assignment.what')}
        placeholder={t('assignment.what')}
        data={NOUNS.map((noun, index) => ({
          group: t(`nav.${noun}`),
          items: (known[index] ?? []).map(({ id, name, reference }) => ({
            value: `${noun}/${id}`,
            label: String(name ?? reference ?? id),
          })),
        }))}
        value={chosen}
        onChange={setChosen}
      />
      <Button disabled={!chosen} loading={change.isPending} onClick={() => go('assign')}>
        {t('assignment.assign')}
      </Button>
      <Button variant="default" disabled={!chosen || change.isPending} onClick={() => go('unassign')}>
        {t('assignment.unassign')}
      </Button>
    </Group>
  )
}
