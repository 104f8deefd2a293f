import { Alert, Anchor, Group, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useEffect, useState, type ReactNode } from 'react'
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

/** Which of them are half written, each 'new' or an id. */
export function allKept(noun: string): string[] {
  const start = `${PREFIX}${noun}/`
  return Object.keys(sessionStorage).flatMap((key) => (key.startsWith(start) ? key.slice(start.length) : []))
}

/** Which one was being written when the page was left: then its window opens again. */
export const keptOf = (noun: string): string | null => allKept(noun)[0] ?? null

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

export interface Writing<T> {
  draft: T
  change: (part: Partial<T>) => void
  unsaved: boolean
  /** It was saved, or nobody wants it: nothing of it stays. */
  end: () => void
  /** That it was typed before, where it was. */
  notice: ReactNode
}

/**
 * What is written in a window. Only what was changed is kept: of what somebody else has changed meanwhile the rest is
 * theirs. `secrets` are never kept: not even the reference to one, since people paste the thing itself there.
 */
export function useWriting<T extends object>(key: string, stored: T, secrets: readonly (keyof T)[] = []): Writing<T> {
  const [kept, setKept] = useState(() => keptDraft<Partial<T>>(key))
  const [draft, setDraft] = useState<T>(() => ({ ...stored, ...kept }))
  const [ended, setEnded] = useState(false)
  const changed = Object.entries(draft).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name as keyof T]))
  const safe = changed.filter(([name]) => !secrets.includes(name as keyof T))
  useKeep(key, safe.length > 0 && !ended ? Object.fromEntries(safe) : null)
  const discard = () => {
    setKept(null)
    setDraft(stored)
  }
  return {
    draft,
    change: (part) => setDraft((old) => ({ ...old, ...part })),
    unsaved: changed.length > 0,
    end: () => {
      setEnded(true)
      forgetDraft(key)
    },
    notice: kept && <KeptNotice without={secrets.length > 0} onDiscard={discard} />,
  }
}

/** Tells that what is shown was typed before, and offers to begin anew. `without`: what is secret is to be typed again. */
export function KeptNotice({ without, onDiscard }: { without?: boolean; onDiscard: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert color="blue" icon={<IconHistory />} p="xs">
      <Group gap="xs" justify="space-between">
        <Text size="sm">{[t('editor.recovered'), without && t('editor.no_secrets')].filter(Boolean).join(' ')}</Text>
        <Anchor component="button" type="button" size="sm" c="blue.9" underline="always" onClick={onDiscard}>
          {t('editor.discard')}
        </Anchor>
      </Group>
    </Alert>
  )
}
