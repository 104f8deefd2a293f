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
    title: t(`property.${name}`),
    render: (assignment) => {
      if (name === 'reason') return reason(assignment.reason)
      return assignment[name] ? <PropertyValue name={name} value={assignment[name]} /> : null
    },
  }))
}
