import { type Alarm, backOffMs, type Clock } from '@reckon/eventing/bus'

const rests = { minMs: 200, maxMs: 5_000 }
const atOnceMax = 8

type Requests<T> = {
  /** What is to be requested now. */
  due(): readonly T[]
  request(item: T): Promise<void>
  /** When something will be due again without a ring of the alarm, in milliseconds. */
  nextMs?(): number | undefined
}

/**
 * Requests what is due, some at a time, whenever the alarm rings; with a back-off as long as something remains due.
 * Runs until the signal aborts.
 */
export async function requestDue<T>(
  { clock, alarm }: { clock: Clock; alarm: Alarm },
  { due, request, nextMs }: Requests<T>,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const { rings } = alarm
    const items = due()
    for (let first = 0; first < items.length && !signal.aborted; first += atOnceMax) {
      await Promise.all(items.slice(first, first + atOnceMax).map((item) => request(item)))
    }
    const isDone = due().length === 0
    failures = isDone ? 0 : failures + 1
    const untilMs = isDone ? nextMs?.() : clock.now() + backOffMs(failures, rests)
    await alarm.wait(rings, { untilMs, signal })
  }
}
