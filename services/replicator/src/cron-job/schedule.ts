import { type CronJob, cronFields, everyMs } from '@reckon/kubernetes'
import { Cron } from 'croner'

const minuteMs = 60_000

/** The times of a CronJob, in milliseconds. */
export type Schedule = {
  /** The next time after a moment; undefined if there is none. */
  after(atMs: number): number | undefined
  /** The last time within (`sinceMs`, `untilMs`]. */
  last(sinceMs: number, untilMs: number): number | undefined
}

/** The times of a validated schedule, in its time zone, or UTC. */
export function scheduleOf({ metadata, spec, status }: CronJob): Schedule {
  const { schedule, timeZone = 'UTC' } = spec
  const stepMs = everyMs(schedule)
  const since = status?.lastScheduleTime ?? metadata.creationTimestamp
  if (stepMs !== undefined) return everyFrom(Date.parse(since ?? '1970-01-01T00:00:00Z'), stepMs)
  const parsed = cronFields(schedule)
  if ('problem' in parsed) return { after: () => undefined, last: () => undefined }
  const cron = new Cron(parsed.fields, { timezone: timeZone, mode: '5-part', paused: true })
  const after = (atMs: number) => cron.nextRun(new Date(atMs))?.getTime()
  return {
    after,
    last(sinceMs, untilMs) {
      const first = after(sinceMs)
      if (first === undefined || first > untilMs) return undefined
      // Binary search: before the last time the next one is within the range, from the last time on
      // it is beyond.
      let [low, high] = [0, Math.ceil((untilMs - first) / minuteMs)]
      let last = first
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const next = after(first + middle * minuteMs)
        if (next !== undefined && next <= untilMs) {
          last = next
          low = middle + 1
        } else high = middle
      }
      return last
    },
  }
}

/** `@every` counts from the last scheduled time, or from the CronJob's creation, as upstream. */
const everyFrom = (beginMs: number, stepMs: number): Schedule => ({
  after: (atMs) => beginMs + Math.max(1, Math.floor((atMs - beginMs) / stepMs) + 1) * stepMs,
  last(sinceMs, untilMs) {
    const steps = Math.floor((untilMs - beginMs) / stepMs)
    const lastMs = beginMs + steps * stepMs
    return steps > 0 && lastMs > sinceMs ? lastMs : undefined
  },
})
