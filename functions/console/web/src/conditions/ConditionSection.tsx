import { Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** The part of a page that asks, or tells what is asked. */
export function ConditionSection({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Paper>
      <Title order={2} fz="md" mb="sm">
        {t('property.condition')}
      </Title>
      {children}
    </Paper>
  )
}
