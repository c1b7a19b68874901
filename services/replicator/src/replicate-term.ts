import type { ObjectChange, StoredObject } from '@reckon/domain'
import { Alarm, silent } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { caughtUp, InFlight } from '@reckon/process'
import type { Controller } from './controller.ts'
import { createControllers } from './controllers.ts'
import type { TermPorts } from './ports.ts'
import { type Reason, type Work, WorkQueue } from './work-queue.ts'
import { createWriter } from './writer.ts'

const inFlightMax = 32
const waitMs = 1_000

/**
 * One term: looks at everything once, then at what each event gives reason to. A key is worked on again only when the
 * view has seen what was written for it. Refusals are retried; a broken invariant ends the term, and with it the process.
 */
export async function replicateTerm(ports: TermPorts, signal: AbortSignal): Promise<void> {
  const { clock, objects, reader, podsEverCreated, logger = silent } = ports
  if (!(await caughtUp(ports, signal))) return
  const queues = createControllers().map((controller) => ({ controller, queue: new WorkQueue() }))
  const alarm = new Alarm(clock)
  const works = new InFlight(inFlightMax, () => alarm.ring())
  const unsubscribe = objects.subscribe((change) => {
    for (const { controller, queue } of queues) {
      for (const key of controller.keysOf(change, objects)) queue.add(key, reasonOf(change))
    }
    alarm.ring()
  })
  for (const { controller, queue } of queues) {
    for (const key of controller.allKeys(objects)) queue.add(key, {})
  }

  const work = async (controller: Controller, queue: WorkQueue, item: Work): Promise<void> => {
    let position = 0n
    const writerFor = (primary: Pick<StoredObject, 'intent' | 'last'>) =>
      createWriter(ports, {
        controller: controller.name,
        intent: item.intent ?? primary.intent,
        trigger: item.trigger ?? primary.last,
        onWritten: (written) => {
          if (written > position) position = written
        },
      })
    try {
      const context = { log: ports.log, objects, podsEverCreated, nowMs: clock.now(), writerFor }
      const againAtMs = await controller.reconcile(item.key, context)
      await seen(position)
      queue.done(item, againAtMs)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const about = { controller: controller.name, key: item.key, reason: error.message }
      logger.info(about, 'refused, will be tried again')
      await seen(position)
      queue.failed(item, clock.now())
    }
  }

  const seen = async (position: bigint): Promise<void> => {
    while (!signal.aborted && (objects.position ?? 0n) < position) {
      await reader.waitFor(position, waitMs)
    }
  }

  try {
    while (!signal.aborted) {
      works.throwFailure()
      const { rings } = alarm
      for (const { controller, queue } of queues) {
        while (!works.isFull) {
          const item = queue.take(clock.now())
          if (item === undefined) break
          works.add(work(controller, queue, item))
        }
      }
      await alarm.wait(rings, { untilMs: works.isFull ? undefined : nextAtMs(queues), signal })
    }
  } finally {
    unsubscribe()
    await works.ended()
  }
}

/** Status-only changes and dependents that appear give reason to look, but what is then written answers the owner. */
function reasonOf({ type, stored, event }: ObjectChange): Reason {
  const trigger = { id: event.id, correlationId: event.metadata?.$correlationId ?? event.id }
  return type === 'DELETED' ? { trigger, intent: trigger } : { trigger: stored.last }
}

const nextAtMs = (queues: readonly { queue: WorkQueue }[]): number | undefined => {
  const moments = queues.flatMap(({ queue }) => queue.nextAtMs ?? [])
  return moments.length > 0 ? Math.min(...moments) : undefined
}
