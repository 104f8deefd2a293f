import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Colours by meaning, whatever the noun: going well, waiting, moving, stopped, wrong. */
const COLOURS: Record<string, string[]> = {
  teal: ['done', 'finished', 'active', 'accepted', 'delivered', 'Activo', 'completed', 'succeeded', 'true'],
  blue: ['running', 'sending', 'freezing', 'starting', 'claimed', 'planned', 'queued', 'pending', 'resuming'],
  gray: ['draft', 'held', 'paused', 'pausing', 'inactive', 'Inactivo', 'archived', 'false', 'created', 'waiting'],
  orange: ['skipped', 'uncertain', 'cancelled', 'cancelling', 'stopped', 'unassigned'],
  red: ['failed', 'error', 'bounced', 'dropped', 'spam'],
}

export function StateBadge({ state, label }: { state: string; label?: string }) {
  const { t } = useTranslation()
  const colour = Object.entries(COLOURS).find(([, states]) => states.includes(state))?.[0] ?? 'gray'
  return (
    <Badge color={colour} style={{ color: `var(--mantine-color-${colour}-9)` }}>
      {label ?? t(`state.${state}`, { defaultValue: state })}
    </Badge>
  )
}
