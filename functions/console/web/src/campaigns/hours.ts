import { fromWallClock, toWallClock } from '../format'

const HOUR = 3_600_000
/** Between two marks of the axis, in hours of the wall clock: parts of a day, then days, weeks, months. */
const STEPS = [1, 2, 3, 6, 12, 24, 48, 168, 336, 672, 1344, 2688]

export interface Hour {
  /** The hour's beginning, in milliseconds since 1970: the axis is one of time, not of rows. */
  at: number
  [kind: string]: number
}

/** Every hour in which something happened, and where nothing did the two ends of that silence: it is drawn as nought. */
export function filled(series: ({ at: string } & Record<string, number | string>)[], kinds: string[]): Hour[] {
  const silence = Object.fromEntries(kinds.map((kind) => [kind, 0]))
  const hours = series.map((row) => ({
    at: Date.parse(row.at),
    ...Object.fromEntries(kinds.map((kind) => [kind, Number(row[kind] ?? 0)])),
  }))
  return hours.flatMap((hour, index) => {
    const before = hours[index - 1]
    const gap = before ? (hour.at - before.at) / HOUR : Number.POSITIVE_INFINITY
    const ends = before && gap > 2 ? [before.at + HOUR, hour.at - HOUR] : gap > 1 ? [hour.at - HOUR] : []
    const after = index === hours.length - 1 ? [{ at: hour.at + HOUR, ...silence }] : []
    return [...ends.map((at) => ({ at, ...silence })), hour, ...after]
  })
}

/** Round hours and midnights of a zone between two instants, at most `most` of them, `least` hours apart or more. */
export function marks(from: number, to: number, zone: string, most: number, least = 1): number[] {
  const step = STEPS.find((hours) => hours >= least && (to - from) / HOUR / hours <= most) ?? STEPS.at(-1)!
  const midnight = Date.parse(`${toWallClock(new Date(from).toISOString(), zone).slice(0, 10)}T00:00:00Z`)
  const found: number[] = []
  // Wall-clock hours are counted as if there were no clock changes, then placed: a midnight stays a midnight.
  for (let wall = midnight; ; wall += step * HOUR) {
    const at = Date.parse(fromWallClock(new Date(wall).toISOString().slice(0, 19), zone))
    if (at > to) return found
    if (at >= from) found.push(at)
  }
}

export const isMidnight = (at: number, zone: string) => toWallClock(new Date(at).toISOString(), zone).endsWith('00:00:00')
