import { type EventLog, type RecordedEvent, revisionAt } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'

/** A read-only view of the log as it was at a position: it ends there and refuses appends. */
export function logUntil(log: EventLog, position: bigint): EventLog {
  const refuse = async (): Promise<never> => {
    throw new StatusError('MethodNotAllowed', 'the past does not change')
  }
  async function* until(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent> {
    for await (const event of events) if (event.position <= position) yield event
  }
  return {
    append: refuse,
    tombstone: refuse,
    limitStream: refuse,
    async *readStream(name, span = {}) {
      // Where reads from a stream's end begin.
      const isFromEnd = span.direction === 'backwards' && span.from === undefined
      const from = isFromEnd ? await revisionAt(log, name, { position }) : span.from
      if (isFromEnd && from === undefined) return
      yield* until(log.readStream(name, { ...span, ...(from !== undefined && { from }) }))
    },
    readAll: (span) => until(log.readAll(span)),
    readAllBackwards: (before) => until(log.readAllBackwards(before)),
    async *follow(after) {
      yield* until(log.readAll({ after }))
      yield { caughtUp: true }
    },
    head: async () => position,
    close: async () => {},
  }
}
