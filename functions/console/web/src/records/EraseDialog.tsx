import { List, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { Entity } from '../api/types'
import { FormDialog } from '../editing/FormDialog'
import { TextField } from '../editing/inputs'
import { useFormat } from '../format'
import { titleOf, useModule } from '../meta'
import { Await } from '../ui/Feedback'

interface Preview {
  number: string
  records: { module: string; id: string; number: string }[]
  memberships: number
  assignments: number
  messages: number
  stays_suppressed: boolean
}

const plain = (text: string) => text.trim().toLocaleLowerCase()

/** What would go and what would stay; whoever erases types the person's name or address first. */
export default function EraseDialog({ record, onClose }: { record: Entity; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const name = titleOf(useModule(record.module), record)
  const path = `/v1/records/${record.module}/${record.id}/erase`
  const [typed, setTyped] = useState('')
  const preview = useQuery({ queryKey: ['erase', record.id], queryFn: () => api.post<Preview>(path, { preview: true }), gcTime: 0 })
  const erase = useMutation({
    // The API takes the number for the person's name: two can be called the same.
    mutationFn: () => api.post<{ job_id: string }>(path, { confirm: preview.data?.number }),
    onSuccess: ({ job_id }) => void navigate(`/jobs/${job_id}`),
  })
  const meant = [name, record.values.email, record.number].some(
    (word) => typeof word === 'string' && word !== '' && plain(word) === plain(typed),
  )
  return (
    <FormDialog
      title={t('person.erase_title', { name })}
      save={erase}
      submit={() => meant && preview.data && erase.mutate()}
      onClose={onClose}
      confirm={t('person.erase_confirm')}
      danger
      ready={meant && preview.data !== undefined}
    >
      <Text size="sm">{t('person.erase_text')}</Text>
      <Await query={preview} lines={3}>
        {(found) => (
          <>
            <Text size="sm" fw={600}>
              {t('person.goes')}
            </Text>
            <List size="sm">
              {(
                [
                  ['records', found.records.length],
                  ['memberships', found.memberships],
                  ['assignments', found.assignments],
                  ['messages', found.messages],
                ] as const
              ).map(
                ([what, count]) =>
                  count > 0 && (
                    <List.Item key={what}>{t(`person.goes_${what}`, { count, number: format.integer(count) })}</List.Item>
                  ),
              )}
            </List>
            <Text size="sm" fw={600}>
              {t('person.stays')}
            </Text>
            <List size="sm">
              <List.Item>{t('person.stays_counts')}</List.Item>
              <List.Item>{t('person.stays_proof')}</List.Item>
              {found.stays_suppressed && <List.Item>{t('person.stays_suppressed')}</List.Item>}
            </List>
          </>
        )}
      </Await>
      <TextField path="confirm" label={t('person.type_name', { name })} required autoFocus value={typed} onChange={setTyped} />
    </FormDialog>
  )
}
