import { Alert, Anchor, Group, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/**
 * What is half typed outlives a reload. It is kept in this tab alone, since it may be about people, and goes when it is
 * saved, when somebody leaves without saving, and at the end of the session.
 */
const PREFIX = 'gotero.draft.'

export function keptDraft<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as T | null
  } catch {
    return null
  }
}

export const forgetDraft = (key: string): void => sessionStorage.removeItem(PREFIX + key)

export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
}

/** Keeps the draft as it is being written; null where there is nothing to keep (any more). */
export function useKeep(key: string, draft: unknown): void {
  const text = draft === null ? null : JSON.stringify(draft)
  useEffect(() => {
    if (text === null) return forgetDraft(key)
    try {
      sessionStorage.setItem(PREFIX + key, text)
    } catch {
      // Larger than the browser keeps: then it is not kept, and typing goes on.
    }
  }, [key, text])
}

/** Tells that what is shown was typed before, and offers to begin anew. */
export function KeptNotice({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert color="blue" icon={<IconHistory />} p="xs">
      <Group gap="xs" justify="space-between">
        <Text size="sm">{t('editor.recovered')}</Text>
        <Anchor component="button" type="button" size="sm" underline="always" onClick={onDiscard}>
          {t('editor.discard')}
        </Anchor>
      </Group>
    </Alert>
  )
}
