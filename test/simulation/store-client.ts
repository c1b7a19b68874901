import type {
  Appended,
  CaughtUp,
  EventLog,
  Expected,
  NewEvent,
  RecordedEvent,
} from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import type { Random } from './random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { SimulatedStore } from './store.ts'
import type { Timeline } from './timeline.ts'

type World = { timeline: Timeline; random: Random; store: SimulatedStore }

/** A client gives up after this long without an answer. */
const answerMsMax = 2_000
const pageSize = 64
/** The events after which a kill is most frequent, so that successors find each step half done. */
const killOftenChance = 0.05

/** The log as one process reaches it: requests and answers are delayed, and may get lost. `crash` ends the process. */
export function createStoreClient(
  { timeline, random, store }: World,
  process: SimulatedProcess,
  {
    crash,
    onAppend,
  }: { crash(): void; onAppend(stream: string, events: readonly NewEvent[]): void },
): EventLog {
  const latencyMs = () => random.between(0.1, store.faults.latencyMsMax)
  const unavailable = () => new StatusError('ServiceUnavailable', 'the event store is away')
  const timeout = () => new StatusError('Timeout', 'the event store does not answer')
  let closed = false

  const append = (
    stream: string,
    expected: Expected,
    events: readonly NewEvent[],
  ): Promise<Appended> =>
    process.promise((resolve, reject) => {
      onAppend(stream, events)
      const { copy } = store
      const isUnsent = closed || store.state === 'Refusing' || random.chance(store.faults.notSent)
      if (isUnsent) {
        timeline.after(latencyMs(), () => reject(unavailable()))
        return
      }
      const giveUp = timeline.after(answerMsMax, () => reject(timeout()))
      const answer = (settle: () => void) => {
        if (random.chance(store.faults.answerLost)) return
        timeline.after(latencyMs(), () => {
          giveUp()
          settle()
        })
      }
      const arrive = () => {
        if (process.state === 'Killed' && random.chance(0.5)) return
        if (store.state === 'Hanging' && random.chance(0.5)) {
          store.onReturn(() => timeline.after(latencyMs(), arrive))
        }
        if (store.state !== 'There' || store.copy !== copy) return
        const { killAfterRecording, killOften } = store.faults
        const isOften = killOften !== '' && stream.startsWith(killOften)
        const kills = random.chance(killAfterRecording + (isOften ? killOftenChance : 0))
        void store
          .append(stream, expected, events)
          .then(
            (appended) => answer(() => resolve(appended)),
            (error) => answer(() => reject(error)),
          )
          .then(() => {
            if (kills) crash()
          })
      }
      timeline.after(latencyMs(), arrive)
    })

  /** A query that is answered as of some moment in between. */
  const ask = <T>(question: () => Promise<T>): Promise<T> =>
    process.promise((resolve, reject) => {
      if (closed || store.state === 'Refusing') {
        timeline.after(latencyMs(), () => reject(unavailable()))
        return
      }
      const { copy } = store
      timeline.after(latencyMs(), () => {
        if (store.copy !== copy) return
        if (store.state !== 'There') {
          timeline.after(store.state === 'Hanging' ? answerMsMax : 0, () => reject(timeout()))
          return
        }
        const answer = (settle: () => void) => timeline.after(latencyMs(), settle)
        void question().then(
          (value) => answer(() => resolve(value)),
          (error) => answer(() => reject(error)),
        )
      })
    })

  const pageAfter = (after: bigint | undefined, limit: number) =>
    ask(() => Array.fromAsync(store.log.readAll({ after, limit })))

  const nextChange = (position: bigint | undefined, signal: AbortSignal): Promise<void> => {
    const isOld = store.last !== undefined && store.last > (position ?? -1n)
    if (isOld || signal.aborted || store.state !== 'There') return Promise.resolve()
    return process.promise((resolve) => {
      const wake = () => {
        callOff()
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const callOff = store.onChange(wake)
      process.atEnd(callOff)
      signal.addEventListener('abort', wake)
    })
  }

  return {
    append,
    async *readStream(name, options = {}) {
      yield* await ask(() => Array.fromAsync(store.log.readStream(name, options)))
    },
    async *readAll({ from, after = from && from - 1n, limit = Number.POSITIVE_INFINITY } = {}) {
      const head = await ask(() => store.log.head())
      let position = after
      for (let count = 0; count < limit; ) {
        const page = await pageAfter(position, Math.min(pageSize, limit - count))
        for (const event of page) {
          if (head === undefined || event.position > head) return
          position = event.position
          count++
          yield event
        }
        if (page.length < pageSize) return
      }
    },
    async *readAllBackwards(before) {
      yield* await ask(() => Array.fromAsync(store.log.readAllBackwards(before)))
    },
    async *follow(after, signal): AsyncIterable<RecordedEvent | CaughtUp> {
      let position = after
      while (!signal.aborted) {
        const page = await pageAfter(position, pageSize)
        for (const event of page) {
          if (signal.aborted) return
          position = event.position
          yield event
        }
        if (signal.aborted) return
        if (page.length === pageSize) continue
        yield { caughtUp: true }
        await nextChange(position, signal)
        if (random.chance(store.faults.followLost)) throw unavailable()
      }
    },
    head: () => ask(() => store.log.head()),
    tombstone: (name) => ask(() => store.tombstone(name)),
    limitStream: (name, maxCount) => ask(() => store.limitStream(name, maxCount)),
    async close() {
      closed = true
    },
  }
}
