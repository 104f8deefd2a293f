import { Button, Group, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'
import { Window } from '../ui/Window'

/** Asks before unsaved changes are lost: on a link of the console, and on closing or reloading the page. */
export function LeaveGuard({ unsaved, onLeave }: { unsaved: () => boolean; onLeave?: () => void }) {
  const { t } = useTranslation()
  const blocker = useBlocker(
    // A page that puts another in its own place goes on to what came of it: nobody leaves.
    ({ currentLocation, nextLocation, historyAction }) =>
      unsaved() && historyAction !== 'REPLACE' && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => unsaved() && event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsaved])
  return (
    <Window opened={blocker.state === 'blocked'} onClose={() => blocker.reset?.()} title={t('editor.unsaved_title')}>
      <Text size="sm">{t('editor.unsaved_text')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => blocker.reset?.()}>
          {t('editor.stay')}
        </Button>
        <Button color="red.9" onClick={() => (onLeave?.(), blocker.proceed?.())}>
          {t('editor.leave')}
        </Button>
      </Group>
    </Window>
  )
}
