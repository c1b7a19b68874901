/** An age as kubectl shows it: two units at most, coarser as it grows (`duration.HumanDuration`). */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return twoUnits(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return twoUnits(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 24 * 8) return twoUnits(days, 'd', hours % 24, 'h')
  if (days < 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  return days < 365 * 8 ? twoUnits(years, 'y', days % 365, 'd') : `${years}y`
}

const twoUnits = (first: number, unit: string, second: number, smaller: string) =>
  second === 0 ? `${first}${unit}` : `${first}${unit}${second}${smaller}`

/** How long ago a time was, as kubectl shows it. */
export function ageOf(timestamp: string | undefined, now: Date): string {
  return timestamp ? humanDuration(now.getTime() - Date.parse(timestamp)) : '<unknown>'
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** How long a text says, in milliseconds: `90s`, `1h30m`, `2d`; undefined where it is no duration. */
export function durationMsOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?[smhd])+$/.test(text)) return undefined
  const parts = text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)
  return [...parts].reduce(
    (ms, [, count, unit = '']) => ms + Number(count) * (unitMs[unit] ?? 0),
    0,
  )
}
