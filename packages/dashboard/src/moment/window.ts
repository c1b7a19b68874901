import type { Span } from './time-scale.ts'

/** How long a time bar may be, by the names that links have for it; `all` is from the log's first event on. */
export const windows: Readonly<Record<string, number>> = {
  '15m': 15 * 60_000,
  '1h': 60 * 60_000,
  '6h': 6 * 60 * 60_000,
  '1d': 24 * 60 * 60_000,
  '7d': 7 * 24 * 60 * 60_000,
  all: Number.POSITIVE_INFINITY,
}

export const windowDefault = '15m'

/** `all` of a cluster that began just now. */
const allMsMin = 60_000

/**
 * How long a bar is that has all of a log: it grows by tenths. If it did with each second, so would its parts, and what
 * was counted for them would be of no use a second later.
 */
function wholeMs(logMs: number): number {
  const tenths = Math.log(Math.max(allMsMin, logMs) / allMsMin) / Math.log(1.1)
  return allMsMin * 1.1 ** Math.ceil(tenths - 1e-9)
}

/** What a time bar shows at `nowMs`, so that the moments are on it: up to now, or around the earliest of them. */
export function spanOf(
  name: string,
  { nowMs, firstMs, moments }: { nowMs: number; firstMs: number; moments: readonly number[] },
): Span {
  const allMs = wholeMs(nowMs - firstMs)
  const lengthMs = Math.min(windows[name] ?? windows[windowDefault] ?? allMs, allMs)
  const earliestMs = Math.min(...moments, nowMs)
  if (name === 'all' || earliestMs >= nowMs - lengthMs)
    return { fromMs: nowMs - lengthMs, toMs: nowMs }
  const fromMs = earliestMs - lengthMs / 10
  return { fromMs, toMs: Math.max(fromMs + lengthMs, Math.max(...moments)) }
}
