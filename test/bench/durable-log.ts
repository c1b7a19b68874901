import type { EventLog, NewEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { eventStoreProcess } from '../contract/event-store-process.ts'
import { eventsPerPod, podEvent, podStream, samplePod } from './sample-history.ts'

/**
 * The embedded event store in a process of its own, with an fsync before each acknowledgement; and the services'
 * adapter to it.
 */
export type DurableLog = { log: EventLog; url: string; serverPid: number }

/** Ends the store and removes its data once `use` is done. */
export async function withDurableLog<T>(use: (durable: DurableLog) => Promise<T>): Promise<T> {
  const store = await eventStoreProcess()
  await store.start()
  const log = await openEventStore(store.url, { name: 'bench', timeoutMs: 30_000 })
  try {
    return await use({ log, url: store.url, serverPid: store.pid })
  } finally {
    await log.close()
    await store.remove()
  }
}

/**
 * As many events as asked for, of a hundredth as many pods in turn; optionally on given nodes and in given namespaces.
 */
export async function recordHistory(
  log: EventLog,
  events: number,
  placeOf?: (pod: number) => { nodeName?: string; namespace?: string },
): Promise<void> {
  const pods = Array.from({ length: events / eventsPerPod }, (_, n) =>
    samplePod(`web-${n}`, placeOf?.(n)),
  )
  const eventsAtOnce = 10
  for (let begin = 0; begin < eventsPerPod; begin += eventsAtOnce) {
    let next = 0
    const write = async (): Promise<void> => {
      for (let pod = pods[next++]; pod !== undefined; pod = pods[next++]) {
        const some: NewEvent[] = []
        for (let i = begin; i < begin + eventsAtOnce; i++) some.push(podEvent(pod, i))
        await log.append(podStream(pod), 'Any', some)
      }
    }
    await Promise.all(Array.from({ length: 32 }, write))
  }
}
