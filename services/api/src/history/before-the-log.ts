import { humanDuration, type StatusError } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { expired } from '../verbs/resource-version.ts'
import { firstTimed } from './recorded-time.ts'

/** The refusal of a time before the log began: says how old the log is, and what can be named instead. */
export async function beforeTheLog(
  { log, clock }: Pick<ApiPorts, 'log' | 'clock'>,
  timeMs: number,
): Promise<StatusError> {
  const first = await firstTimed(log)
  if (first === undefined) return expired('nothing is recorded')
  const age = humanDuration(clock.now() - first.timeMs)
  const begin = `the log is ${age} old: it begins at ${timeText(first.timeMs)}`
  const earliest = `the earliest moment that can be named is its position ${first.position}`
  return expired(`nothing is recorded of ${timeText(timeMs)} or before; ${begin}; ${earliest}`)
}

const timeText = (timeMs: number): string => new Date(timeMs).toISOString()
