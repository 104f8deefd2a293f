import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format'
import { useMeta } from '../meta'

/** Everything that a merge tag can name; what is picked goes where the cursor was. */
export function MergeTags({ onPick }: { onPick: (tag: string) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const groups = meta.merge_sources.map(({ name, module: id, fields }) => {
    const module = meta.modules.find((each) => each.id === id)
    const tag = (field: string) => `{{ ${[name, field].filter(Boolean).join('.')} }}`
    const words = (field: string) => t(`merge.${field}`, { defaultValue: field.replaceAll('_', ' ') })
    return {
      group: module ? format.label(module.label_one) : t(`merge.group_${name || 'links'}`),
      items: module
        ? module.fields.map((field) => ({ value: tag(field.id), label: format.label(field.label) }))
        : (fields ?? []).map((field) => ({ value: tag(field), label: words(field) })),
    }
  })
  return (
    <Select
      size="xs"
      w={260}
      aria-label={t('template.merge_tag')}
      placeholder={t('template.merge_tag')}
      searchable
      limit={60}
      nothingFoundMessage={t('list.nothing_found')}
      data={groups}
      value={null}
      onChange={(tag) => tag && onPick(tag)}
    />
  )
}
