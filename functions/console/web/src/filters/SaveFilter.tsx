import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { useSaveDefinition } from '../api/queries'
import { FormDialog } from '../editing/FormDialog'
import { TextField } from '../editing/inputs'
import { tell } from '../ui/confirm'
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
  const submit = () =>
    save.mutate(
      { name, module: module.id, condition },
      {
        onSuccess: () => {
          tell(t('filter.saved'))
          onSaved()
        },
      },
    )
  return (
    <FormDialog title={t('filter.save_as')} save={save} submit={submit} onClose={onClose} ready={name.trim() !== ''}>
      <TextField path="name" required autoFocus value={name} onChange={setName} />
    </FormDialog>
  )
}
