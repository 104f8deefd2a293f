import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { useSaveDefinition } from '../api/queries'
import { errorsOf } from '../editing/errors'
import { tell } from '../ui/confirm'
import { ProblemAlert } from '../ui/Feedback'
import type { SavedFilter } from './saved'

interface Props {
  module: Module
  condition: Condition
  onSaved: () => void
  onClose: () => void
}

/** What a list is narrowed to, kept under a name. */
export function SaveFilter({ module, condition, onSaved, onClose }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const save = useSaveDefinition<SavedFilter>('filters')
  const errors = errorsOf(save.error)
  const nameError = errors.find(({ path }) => path === 'name')?.message
  return (
    <Modal opened onClose={onClose} title={t('filter.save_as')} centered closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          // The list's own form is around it in React's tree, though not on the page.
          event.stopPropagation()
          save.mutate(
            { name, module: module.id, condition },
            {
              onSuccess: () => {
                tell(t('filter.saved'))
                onSaved()
              },
            },
          )
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            required
            label={t('property.name')}
            value={name}
            error={nameError}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          {save.error && !nameError && <ProblemAlert error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
