import { Alert, List } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { createContext, use } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import type { FieldError } from '../api/types'
import { ProblemAlert } from '../ui/Feedback'
import { usePathWords } from '../ui/paths'

/** What the API refused in the draft that is being edited; inputs look up their own path. */
export const Errors = createContext<FieldError[]>([])

export const isUnder = (broken: string, path: string): boolean =>
  broken === path || broken.startsWith(`${path}.`) || broken.startsWith(`${path}[`)

/** The message for an input: of its own path, or of what lies inside its value. */
export const useErrorAt = (path: string): string | undefined => use(Errors).find((error) => isUnder(error.path, path))?.message

/** A name that another one holds comes as "values.name", like a unique field of a record. */
export function errorsOf(problem: unknown): FieldError[] {
  if (!(problem instanceof Problem)) return []
  return problem.errors.map((error) => ({ ...error, path: error.path.replace(/^values\./, '') }))
}

/** Everything that was refused, in words: nothing is lost where an input has no place for its message. */
export function ErrorSummary({ problem, errors }: { problem: unknown; errors: FieldError[] }) {
  const { t } = useTranslation()
  const words = usePathWords()
  if (!problem) return null
  if (errorsOf(problem).length === 0) return <ProblemAlert error={problem} />
  if (errors.length === 0) return null
  return (
    <Alert
      color="red"
      role="alert"
      title={t('editor.refused')}
      icon={<IconAlertTriangle />}
      styles={{ title: { color: 'var(--mantine-color-red-9)' } }}
    >
      <List size="sm">
        {errors.map(({ path, message }, index) => (
          <List.Item key={index}>{[words(path), message].filter(Boolean).join(': ')}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
