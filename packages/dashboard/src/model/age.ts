const secondsOf = { m: 60, h: 3_600, d: 86_400, y: 31_536_000 }

/** How long ago, as kubectl prints it (apimachinery's HumanDuration): `45s`, `3m20s`, `5h`, `2d4h`, `400d`. */
export function ageOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  if (Number.isNaN(seconds) || seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const { m, h, d, y } = secondsOf
  if (seconds < 10 * m) return both(seconds, 'm', m, 's', 1)
  if (seconds < 3 * h) return `${Math.floor(seconds / m)}m`
  if (seconds < 8 * h) return both(seconds, 'h', h, 'm', m)
  if (seconds < 2 * d) return `${Math.floor(seconds / h)}h`
  if (seconds < 8 * d) return both(seconds, 'd', d, 'h', h)
  if (seconds < 2 * y) return `${Math.floor(seconds / d)}d`
  if (seconds < 8 * y) return both(seconds, 'y', y, 'd', d)
  return `${Math.floor(seconds / y)}y`
}

/** In a unit and, where something is left, in a smaller one; that one's length is `lesserSeconds`. */
function both(
  seconds: number,
  ...[unit, unitSeconds, lesser, lesserSeconds]: [string, number, string, number]
): string {
  const left = Math.floor((seconds % unitSeconds) / lesserSeconds)
  return `${Math.floor(seconds / unitSeconds)}${unit}${left === 0 ? '' : `${left}${lesser}`}`
}
