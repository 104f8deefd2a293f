import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../ui/Feedback'

/** Instead of a page that broke, or of all of them. */
export function Broken() {
  const { t } = useTranslation()
  return (
    <EmptyState alone title={t('problem.broken')} hint={t('problem.broken_hint')}>
      <Button mt="xs" onClick={() => location.reload()}>
        {t('action.reload')}
      </Button>
    </EmptyState>
  )
}

/** One broken page must not take the menu away: the rest stays usable, and another address starts afresh. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  render() {
    return this.state.broken ? <Broken /> : this.props.children
  }
}
