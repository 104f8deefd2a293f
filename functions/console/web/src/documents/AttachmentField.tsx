import { MultiSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinitions } from '../api/queries'

interface Props {
  label: string
  noun: string
  value: string[]
  onChange: (ids: string[]) => void
}

/** What goes along with a mail, as the process screen of the source documents names it. */
export function AttachmentField({ label, noun, value, onChange }: Props) {
  const { t } = useTranslation()
  const items = useDefinitions(noun).data?.items ?? []
  // Nothing to choose among is nothing to show.
  if (items.length === 0) return null
  return (
    <MultiSelect
      label={label}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      nothingFoundMessage={t('list.nothing_found')}
      data={items.map(({ id, name }) => ({ value: id, label: name ?? id }))}
      value={value}
      onChange={onChange}
    />
  )
}
