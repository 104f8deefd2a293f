import { Alert, Button, Center, Skeleton, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconAlertTriangle, IconInbox, IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import { usePathWords } from './paths'

/** What went wrong in words a person can act on; the API's own sentence where it has one. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation()
  const words = usePathWords()
  return (error) => {
    if (!(error instanceof Problem)) return error instanceof Error && error.message ? error.message : t('problem.unknown')
    if (error.detail) return error.detail
    // A conflict is about the whole of it, and its sentence says so by itself.
    const sentences = error.errors.map(({ path, message }) => [error.status === 409 ? '' : words(path), message].filter(Boolean).join(': '))
    if (sentences.length > 0) return sentences.join('\n')
    const known = `problem.${error.status === 0 || error.status >= 500 ? Math.floor(error.status / 100) * 100 : error.status}`
    return t(known, { defaultValue: error.title })
  }
}

export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const text = useProblemText()
  const offline = error instanceof Problem && error.status === 0
  // What one may not see, or is not there, is not there a moment later either.
  const closed = error instanceof Problem && [403, 404].includes(error.status)
  return (
    <Alert
      color="red"
      role="alert"
      title={t('problem.title')}
      icon={offline ? <IconPlugConnectedX /> : <IconAlertTriangle />}
      styles={{ title: { color: 'var(--mantine-color-red-9)' } }}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
          {text(error)}
        </Text>
        {retry && closed && (
          <Button size="xs" variant="default" component="a" href="/console/">
            {t('shell.home')}
          </Button>
        )}
        {retry && !closed && (
          <Button size="xs" variant="default" onClick={retry}>
            {t('action.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

interface EmptyProps {
  title: string
  hint?: string
  /** It is all there is on the page: then it is its heading too. */
  alone?: boolean
  /** The one step to take next. */
  children?: ReactNode
}

export function EmptyState({ title, hint, alone, children }: EmptyProps) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={440}>
        <ThemeIcon size={56} radius="xl" variant="light">
          <IconInbox size={28} stroke={1.5} />
        </ThemeIcon>
        <Text component={alone ? 'h1' : 'p'} m={0} fw={600} ta="center">
          {title}
        </Text>
        {hint && (
          <Text size="sm" c="dimmed" ta="center">
            {hint}
          </Text>
        )}
        {children}
      </Stack>
    </Center>
  )
}

export function Loading({ lines = 6, height = 20 }: { lines?: number; height?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap="md" p="xs" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} width={`${96 - ((line * 13) % 30)}%`} radius="sm" />
      ))}
    </Stack>
  )
}

interface Query<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/** Waiting, failed or here: every page asks for its data through this one door. */
export function Await<T>({ query, lines, children }: { query: Query<T>; lines?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return <Loading lines={lines} />
}
