import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Label, Language } from './api/types'
import { useMeta } from './meta'

const LOCALES: Record<Language, string> = { es: 'es-ES', en: 'en-GB' }

export const inLanguage = (label: Label | undefined | null, language: Language): string =>
  label?.[language] ?? label?.es ?? label?.en ?? ''

/** The parts of an instant as clocks on the wall of a zone show it. */
function wallClock(instant: Date, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
}

/** 2026-11-21T21:30:00.000Z → "2026-11-21 22:30:00" in Europe/Madrid, as date inputs want it. */
export function toWallClock(instant: string, zone: string): string {
  const part = wallClock(new Date(instant), zone)
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`
}

/** The way back. The offset is looked up twice, because the first guess may lie on the other side of a clock change. */
export function fromWallClock(text: string, zone: string): string {
  const wanted = Date.parse(`${text.replace(' ', 'T')}Z`)
  let guess = wanted
  for (let round = 0; round < 2; round++) {
    const shown = Date.parse(`${toWallClock(new Date(guess).toISOString(), zone).replace(' ', 'T')}Z`)
    guess += wanted - shown
  }
  return new Date(guess).toISOString()
}

/** Everything that is written differently in another language, zone or currency. */
export function useFormat() {
  const { i18n } = useTranslation()
  const { zone, currency } = useMeta().settings.company
  const language = (i18n.language === 'en' ? 'en' : 'es') as Language
  return useMemo(() => {
    const locale = LOCALES[language]
    const number = (options: Intl.NumberFormatOptions) => {
      const format = new Intl.NumberFormat(locale, { useGrouping: 'always' as never, ...options })
      return (value: number) => format.format(value)
    }
    const instant = (options: Intl.DateTimeFormatOptions, timeZone: string) => {
      const format = new Intl.DateTimeFormat(locale, { timeZone, ...options })
      return (value: string) => {
        const date = new Date(value)
        return Number.isNaN(date.getTime()) ? value : format.format(date)
      }
    }
    const wallClock = instant({ dateStyle: 'medium', timeStyle: 'short' }, 'UTC')
    return {
      language,
      zone,
      label: (label: Label | undefined | null) => inLanguage(label, language),
      integer: number({ maximumFractionDigits: 0 }),
      decimal: number({ maximumFractionDigits: 6 }),
      bytes: (value: number) =>
        value < 1_000_000
          ? number({ style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })(value / 1_000)
          : number({ style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 })(value / 1_000_000),
      /** How long something took, from its milliseconds. */
      took: (value: number) =>
        value < 1_000
          ? number({ style: 'unit', unit: 'millisecond' })(value)
          : number({ style: 'unit', unit: 'second', maximumFractionDigits: 1 })(value / 1_000),
      money: number({ style: 'currency', currency }),
      dollars: number({ style: 'currency', currency: 'USD' }),
      /** A share between 0 and 1. */
      share: number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
      /** The sign of hundredths, with the space that Spanish puts before it. */
      percentSign: language === 'es' ? ' %' : '%',
      /** A small share, of which thousandths matter. */
      percent: number({ style: 'percent', maximumFractionDigits: 3 }),
      /** A calendar day has no zone: it is the same day for everybody. */
      date: instant({ dateStyle: 'medium' }, 'UTC'),
      instant: instant({ dateStyle: 'medium', timeStyle: 'short' }, zone),
      hour: instant({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }, zone),
      /** «2026-12-01T09:00», as the clocks of whoever it is about show it. */
      wallClock: (value: string) => wallClock(`${value.replace(' ', 'T').slice(0, 16)}:00Z`),
      dayMonth: instant({ day: 'numeric', month: 'short' }, zone),
      time: instant({ hour: '2-digit', minute: '2-digit' }, zone),
      compare: new Intl.Collator(locale, { numeric: true }).compare,
    }
  }, [language, zone, currency])
}

export type Format = ReturnType<typeof useFormat>
