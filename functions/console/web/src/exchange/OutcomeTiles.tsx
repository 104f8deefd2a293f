import { useTranslation } from 'react-i18next'
import type { Json } from '../api/types'
import { useFormat } from '../format'
import { Tile } from '../ui/Tile'
import { OUTCOMES } from './types'

const COLOURS = { new: 'teal', changed: 'blue', unchanged: 'gray', refused: 'red' } as const

/** How many rows became, or would become, what. */
export function OutcomeTiles({ counts }: { counts: Record<string, Json> }) {
  const { t } = useTranslation()
  const format = useFormat()
  return OUTCOMES.map((outcome) => (
    <Tile
      key={outcome}
      label={t(`import.outcome.${outcome}`)}
      value={format.integer(Number(counts[outcome] ?? 0))}
      colour={COLOURS[outcome]}
    />
  ))
}
