import { useTranslation } from 'react-i18next'
import type { Cause } from '../api/types'
import { useDefinitions } from '../api/queries'
import { useOwnerName } from '../meta'

/** Who or what made a change, in words: «Flujo de trabajo: Añadir contacto a la lista twitter». */
export function useCauseText(): (cause: Cause | undefined) => string {
  const { t } = useTranslation()
  const ownerName = useOwnerName()
  const names = { workflow: useDefinitions('workflows').data?.items, form: useDefinitions('forms').data?.items }
  return (cause) => {
    const [kind, id] = Object.entries(cause ?? {}).find(([, value]) => typeof value === 'string') ?? []
    if (!kind) return ''
    const name =
      kind === 'user' ? ownerName(String(id)) : names[kind as keyof typeof names]?.find((item) => item.id === id)?.name
    const label = t(`cause.${kind}`, { defaultValue: kind })
    return name ? `${label}: ${name}` : label
  }
}
