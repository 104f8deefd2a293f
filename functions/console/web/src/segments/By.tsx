import { Text } from '@mantine/core'
import type { Cause } from '../api/types'
import { References } from '../definitions/Properties'
import { useOwnerName } from '../meta'

/** The kinds of cause that have a page. */
const PAGES: Record<string, string> = { workflow: 'workflows', form: 'forms', job: 'jobs' }

/** Who or what caused it. */
export function By({ cause }: { cause: Cause }) {
  const ownerName = useOwnerName()
  const known = Object.entries(PAGES).find(([kind]) => typeof cause[kind] === 'string')
  if (known) return <References noun={known[1]} ids={[String(cause[known[0]])]} />
  return typeof cause.user === 'string' ? <Text size="sm">{ownerName(cause.user)}</Text> : null
}
