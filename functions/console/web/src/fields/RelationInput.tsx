import { CloseButton, Combobox, InputBase, Loader, Text, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRecord, useRecords } from '../api/queries'
import { titleOf, useModule } from '../meta'

interface Props {
  module: string
  value: string | null
  onChange: (id: string | null) => void
  label?: string
  'aria-label'?: string
  required?: boolean
  error?: string
  placeholder?: string
  disabled?: boolean
  exclude?: Set<string>
}

/** Picks one record of a module by typing a part of it; the API searches, nothing is loaded beforehand. */
export function RelationInput({ module, value, onChange, exclude, placeholder, ...input }: Props) {
  const { t } = useTranslation()
  const declaration = useModule(module)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const [typed, setTyped] = useState<string | null>(null)
  const [search] = useDebouncedValue(typed ?? '', 250)
  const chosen = useRecord(module, value ?? undefined)
  const found = useRecords(module, { search, limit: 20 })
  const name = value ? (chosen.data ? titleOf(declaration, chosen.data) : '…') : ''
  const options = (found.data?.items ?? []).filter((record) => !exclude?.has(record.id))

  const pick = (id: string) => {
    onChange(id)
    setTyped(null)
    combobox.closeDropdown()
  }

  return (
    <Combobox store={combobox} onOptionSubmit={pick}>
      <Combobox.Target>
        <InputBase
          {...input}
          value={typed ?? name}
          placeholder={placeholder ?? t('field.search_record')}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            combobox.openDropdown()
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => {
            setTyped(null)
            combobox.closeDropdown()
          }}
          rightSectionPointerEvents="all"
          rightSection={
            found.isFetching && typed !== null ? (
              <Loader size={16} />
            ) : value && !input.disabled ? (
              <CloseButton size="sm" aria-label={t('action.clear')} onClick={() => onChange(null)} />
            ) : null
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
          {options.map((record) => (
            <Combobox.Option key={record.id} value={record.id}>
              <Text size="sm">{titleOf(declaration, record)}</Text>
              {record.number && (
                <Text size="xs" c="dimmed">
                  {record.number}
                </Text>
              )}
            </Combobox.Option>
          ))}
          {options.length === 0 && (
            <Combobox.Empty>{found.isFetching ? t('state.loading') : t('list.nothing_found')}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
