import { useTranslation } from 'react-i18next'
import type { AudiencePreview, Cost } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'

const MINUTE = 60
const HOUR = 60 * MINUTE
const CENT = 0.01

/** How a duration is told that is an estimate anyway. */
export function useDuration(): (seconds: number) => string {
  const { t } = useTranslation()
  return (seconds) => {
    if (seconds < MINUTE) return t('send.below_a_minute')
    const hours = seconds >= 2 * HOUR
    return t(hours ? 'unit.hours' : 'unit.minutes', { count: Math.round(seconds / (hours ? HOUR : MINUTE)) })
  }
}

export function useCost(): (cost: Cost) => string {
  const { t } = useTranslation()
  const format = useFormat()
  const cents = (sum: number) => (sum > 0 && sum < CENT ? t('send.below_a_cent', { cent: format.dollars(CENT) }) : format.dollars(sum))
  return ({ provider, platform }) =>
    provider + platform < CENT
      ? t('send.cost_small', { cent: format.dollars(CENT) })
      : t('send.cost', { provider: cents(provider), platform: cents(platform) })
}

/** Why somebody gets no mail, in words. */
export function useReason(): (id: string) => string {
  const format = useFormat()
  const { skip_reasons } = useMeta()
  return (id) => format.label(skip_reasons.find((each) => each.id === id)?.label) || id.replaceAll('_', ' ')
}

const NOT_REASONS = new Set(['recipients', 'will_send', 'exact', 'rate', 'seconds', 'cost', 'replaced_senders'])

export const refusals = (counted: AudiencePreview): [string, number][] =>
  Object.entries(counted).flatMap(([id, count]) =>
    !NOT_REASONS.has(id) && typeof count === 'number' && count > 0 ? [[id, count]] : [],
  )

/** «18.420 destinatarios; 41 de baja, 12 suprimidos; unos 62 minutos; unos 1,84 US$ + 0,07 US$» */
export function useSentenceOf(): (counted: AudiencePreview) => string {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const duration = useDuration()
  const cost = useCost()
  const reason = useReason()
  return (counted) => {
    const refused = refusals(counted).map(([id, count]) => {
      const key = `send.refused.${id}`
      const number = format.integer(count)
      return i18n.exists(key) ? t(key, { number }) : `${number}: ${reason(id)}`
    })
    const whole = t(counted.exact ? 'send.recipients' : 'send.recipients_about', {
      count: counted.recipients,
      number: format.integer(counted.recipients),
    })
    const parts = [whole, refused.join(', ')]
    if (counted.will_send > 0) {
      const long = duration(counted.seconds)
      parts.push(counted.seconds < MINUTE ? long : t('send.about', { what: long }))
      parts.push(cost(counted.cost))
    }
    return parts.filter(Boolean).join('; ')
  }
}
