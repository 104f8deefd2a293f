import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Definition } from '../api/types'
import { PropertyValue } from '../definitions/Properties'
import type { Column } from '../ui/ResponsiveTable'

export function useAssignmentColumns(names: string[]): Column<Definition>[] {
  const { t } = useTranslation()
  const reason = (text: unknown) => (text ? <Text size="sm">{t(`reason.${text}`, { defaultValue: String(text) })}</Text> : null)
  return names.map((name) => ({
    id: name,
    // What it is about is a record here; of a mail, «subject» is its heading.
    title: t(name === 'subject' ? 'assignment.about' : `property.${name}`),
    render: (assignment) => {
      if (name === 'reason') return reason(assignment.reason)
      return assignment[name] ? <PropertyValue name={name} value={assignment[name]} /> : null
    },
  }))
}
