import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../ui/Feedback'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <EmptyState alone title={t('shell.not_found')} hint={t('shell.not_found_hint')}>
      <Button component={Link} to="/" variant="light" mt="xs">
        {t('shell.home')}
      </Button>
    </EmptyState>
  )
}
