import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ink } from '../theme'

/** Colours by meaning, whatever the noun: going well, waiting, moving, stopped, wrong. */
const COLOURS: Record<string, string[]> = {
  teal: ['done', 'finished', 'active', 'accepted', 'delivered', 'Activo'],
  blue: ['running', 'claimed', 'planned', 'pending', 'scheduled', 'between', 'filling'],
  gray: ['held', 'paused', 'inactive', 'Inactivo', 'obsolete'],
  orange: ['parked', 'skipped', 'uncertain', 'cancelled', 'cancelling', 'finished_open'],
  red: ['failed', 'error', 'bounced', 'dropped'],
}

export function StateBadge({ state, label }: { state: string; label?: string }) {
  const { t } = useTranslation()
  const colour = Object.entries(COLOURS).find(([, states]) => states.includes(state))?.[0] ?? 'gray'
  return (
    <Badge color={colour} miw="max-content" style={{ color: ink(colour) }}>
      {label ?? t(`state.${state}`, { defaultValue: state })}
    </Badge>
  )
}
