import type { Entity } from '../api/types'
import { useReason } from '../campaigns/words'
import { useFormat } from '../format'
import { RECIPIENTS, useMeta, useModule } from '../meta'
import { StateBadge } from '../ui/StateBadge'

/** Where a message stands, in the words that its own list uses. */
export function MessageState({ message }: { message: Entity }) {
  const format = useFormat()
  const { message_states } = useMeta()
  const state = String(message.values.status ?? '')
  return <StateBadge state={state} label={format.label(message_states.find(({ id }) => id === state)?.label) || undefined} />
}

export const isOpen = (message: Entity) => message.values.status === 'uncertain' || message.values.status === 'held'

/** Why it is where it is: our own reasons in words; of what came back, what the server meant and what it said. */
export function useWhyNot(): (message: Entity) => { words: string; said: string } {
  const format = useFormat()
  const { bounce_kinds } = useMeta()
  const reason = useReason()
  return ({ values }) => {
    const told = typeof values.reason === 'string' ? values.reason : ''
    if (values.status !== 'bounced' && values.status !== 'dropped') return { words: told && reason(told), said: '' }
    const kind = bounce_kinds.find(({ id }) => id === values.bounce_type)
    return { words: kind ? format.label(kind.label) : '', said: told }
  }
}

/** A message names its recipient by one relation for each module of people; a contact's account is no recipient. */
export function useRecipient(): (message: Entity) => { name: string; module?: string; id?: string } {
  const messages = useModule('messages')
  return (message) => {
    const fields = messages?.fields.filter(({ relation }) => relation && RECIPIENTS.includes(relation)) ?? []
    const ordered = [...fields].sort((one, other) => RECIPIENTS.indexOf(one.relation ?? '') - RECIPIENTS.indexOf(other.relation ?? ''))
    const field = ordered.find(({ id }) => message.values[id])
    const id = field && String(message.values[field.id])
    return { name: (field && message.titles?.[field.id]) || id || message.id, module: field?.relation ?? undefined, id }
  }
}
