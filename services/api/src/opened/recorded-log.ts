import { aborted, type EventLog, firstAfter, type RecordedEvent } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'

/** A read-only log of these events, which are in order. */
export function recordedLog(events: readonly RecordedEvent[]): EventLog {
  const streams = Map.groupBy(events, ({ stream }) => stream)
  const refuse = async (): Promise<never> => {
    throw new StatusError('MethodNotAllowed', 'what was recorded elsewhere does not change here')
  }
  async function* readAll({
    from = 0n,
    after = from - 1n,
    limit = Number.POSITIVE_INFINITY,
  }: Parameters<EventLog['readAll']>[0] = {}) {
    const begin = firstAfter(events, after)
    for (let at = begin; at < events.length && at - begin < limit; at++) {
      const event = events[at]
      if (event) yield event
    }
  }
  return {
    append: refuse,
    tombstone: refuse,
    limitStream: refuse,
    async *readStream(name, { direction = 'forwards', from, limit } = {}) {
      const isForwards = direction === 'forwards'
      const found = (streams.get(name) ?? []).filter(
        ({ revision }) => from === undefined || (isForwards ? revision >= from : revision <= from),
      )
      yield* (isForwards ? found : found.reverse()).slice(0, limit)
    },
    readAll,
    async *readAllBackwards(before) {
      const end = before === undefined ? events.length : firstAfter(events, before - 1n)
      for (let at = end - 1; at >= 0; at--) {
        const event = events[at]
        if (event) yield event
      }
    },
    async *follow(after, signal) {
      yield* readAll({ after })
      yield { caughtUp: true }
      await aborted(signal)
    },
    head: async () => events.at(-1)?.position,
    close: async () => {},
  }
}
