import {
  type Holder,
  involved,
  type Note,
  type ObjectChange,
  type Reservable,
} from '@reckon/domain'
import { attempt, isNoteDue, KeyFailure, type Logger, silent } from '@reckon/eventing'
import { isRefusal, secondsOf } from '@reckon/kubernetes'
import { KeyFailures, type Metrics } from '@reckon/process'
import {
  type HeldValue,
  noteFailure,
  readClaimant,
  readClaimCause,
  readHeld,
  readHolder,
  recordNote,
} from '@reckon/writing'
import type { Controller, Primary } from './controller.ts'
import { Pace } from './pace.ts'
import type { TermPorts } from './ports.ts'
import { noteOnRefusal, type RefusedCreation } from './refused-creation.ts'
import type { ReplicatorMetrics } from './replicator-metrics.ts'
import { type Failing, type Reason, type Work, WorkQueue } from './work-queue.ts'
import { createWriter, originOf } from './writer.ts'

const waitMs = 1_000

/** The term that a controller runs in; `onAdded` is called for each key that is added to its queue. */
type TermContext = { metrics: ReplicatorMetrics; signal: AbortSignal; onAdded: () => void }

/**
 * Runs one controller within a term, working on one key of its queue after the other. A key whose work is refused is
 * retried later; so is one that fails by a bug in pure code, which delays nothing else. Any other error is thrown.
 */
export class ControllerRun {
  readonly controller: Controller
  readonly queue = new WorkQueue()
  readonly #ports: TermPorts
  readonly #metrics: ReplicatorMetrics
  readonly #signal: AbortSignal
  readonly #onAdded: () => void
  readonly #logger: Logger
  readonly #failures: KeyFailures
  readonly #unusable = new Set<string>()
  readonly #pace = new Pace()
  /** Since when keys wait, and since when they are being worked on: milliseconds. */
  readonly #addedAtMs = new Map<string, number>()
  readonly #workingSinceMs = new Map<string, number>()

  constructor(
    controller: Controller,
    ports: TermPorts & { metrics: Metrics },
    { metrics, signal, onAdded }: TermContext,
  ) {
    const { clock, logger = silent } = ports
    this.controller = controller
    this.#ports = ports
    this.#metrics = metrics
    this.#signal = signal
    this.#onAdded = onAdded
    this.#logger = logger
    this.#failures = new KeyFailures(controller.name, { clock, logger, metrics: ports.metrics })
    metrics.queues.set(controller.name, this.queue)
    metrics.working.set(controller.name, this.#workingSinceMs)
  }

  /** Adds the keys that a change concerns. If that fails, returns a promise that records the failure. */
  receive(change: ObjectChange): Promise<void> | undefined {
    const { stream } = change.event
    try {
      const keys = attempt(stream, () => this.controller.keysOf(change, this.#ports.objects))
      for (const key of keys) this.#add(key, reasonOf(change))
      return undefined
    } catch (error) {
      if (!(error instanceof KeyFailure)) throw error
      return this.#noteFailure(stream, error, change.stored)
    }
  }

  /** Subscribes to triggers other than changed objects. Returns a function to unsubscribe. */
  follow(): () => void {
    const end = this.controller.follow?.(this.#ports.objects, (key) => this.#add(key, {}))
    return end ?? (() => {})
  }

  addAll(): void {
    for (const key of this.controller.allKeys(this.#ports.objects)) this.#add(key, {})
  }

  async work(item: Work): Promise<void> {
    const { clock, ids, log, objects, podsEverCreated } = this.#ports
    const nowMs = clock.now()
    this.#begin(item.key, nowMs)
    let position = 0n
    let primary: Primary | undefined
    let refused: RefusedCreation | undefined
    const writerFor = (given: Primary) => {
      primary = given
      return createWriter(this.#ports, {
        controller: this.controller.name,
        intent: item.intent ?? given.intent,
        trigger: item.trigger ?? given.last,
        onWritten: (written) => {
          if (written > position) position = written
        },
        onRefused: (creation) => {
          refused ??= creation
        },
      })
    }
    try {
      const reservations = {
        held: (reservable: Reservable) => readHeld(this.#ports, reservable),
        holder: (held: HeldValue) => readHolder(this.#ports, held),
        claimant: (holder: Holder) => readClaimant(this.#ports, holder),
        claimCause: (namespace: string, holder: Holder) =>
          readClaimCause(this.#ports, namespace, holder),
      }
      let [looked, restMs] = [0, 0]
      const context = {
        log,
        ids,
        objects,
        podsEverCreated,
        nowMs,
        unusable: this.#unusable,
        waitForHead: () => this.#ports.reader.waitForHead(waitMs),
        writerFor,
        reservations,
        lookedAt: (count: number) => {
          looked = count
        },
        rest: (ms: number) => {
          restMs = ms
        },
      }
      const againAtMs = await this.controller.reconcile(item.key, context)
      await this.#seen(position)
      this.#failures.settled(item.key)
      const doneAtMs = clock.now()
      const paced = this.#pace.next(item.key, { objects: looked, nowMs: doneAtMs })
      const restUntilMs = Math.max(paced, doneAtMs + restMs)
      this.queue.done(item, restUntilMs > doneAtMs ? { againAtMs, restUntilMs } : { againAtMs })
    } catch (error) {
      if (error instanceof KeyFailure) await this.#noteFailure(item.key, error, primary)
      else if (isRefusal(error)) {
        const about = { controller: this.controller.name, key: item.key, reason: error.message }
        this.#logger.info(about, 'refused, will be tried again')
      } else throw error
      await this.#seen(position)
      this.#metrics.retries.inc({ name: this.controller.name })
      const failing = this.queue.failed(item, clock.now())
      if (isRefusal(error) && refused) await this.#noteRefusal(refused, failing, primary)
    }
    this.#workingSinceMs.delete(item.key)
    const seconds = (clock.now() - nowMs) / 1000
    this.#metrics.workSeconds.observe({ name: this.controller.name }, seconds)
  }

  #add(key: string, reason: Reason): void {
    this.queue.add(key, reason)
    if (!this.#addedAtMs.has(key)) this.#addedAtMs.set(key, this.#ports.clock.now())
    this.#metrics.adds.inc({ name: this.controller.name })
    this.#onAdded()
  }

  /** A scheduled retry was not triggered by anybody, so its waiting time is not measured. */
  #begin(key: string, nowMs: number): void {
    this.#workingSinceMs.set(key, nowMs)
    const addedMs = this.#addedAtMs.get(key)
    if (addedMs === undefined) return
    this.#addedAtMs.delete(key)
    this.#metrics.queueSeconds.observe({ name: this.controller.name }, (nowMs - addedMs) / 1000)
  }

  async #seen(position: bigint): Promise<void> {
    const { objects, reader } = this.#ports
    while (!this.#signal.aborted && (objects.position ?? 0n) < position) {
      await reader.waitFor(position, waitMs)
    }
  }

  /** Records refused creations as Events on the owner, in upstream's words. */
  async #noteRefusal(
    refused: RefusedCreation,
    { count, firstAtMs }: Failing,
    primary: Primary | undefined,
  ): Promise<void> {
    if (primary === undefined || !('object' in primary) || !isNoteDue(count)) return
    const { clock } = this.#ports
    const source = { component: this.controller.name }
    const note: Note = {
      ...{ involvedObject: involved(primary.object), type: 'Warning', source, count },
      ...noteOnRefusal(primary.object, refused),
      firstTimestamp: secondsOf(firstAtMs),
      lastTimestamp: secondsOf(clock.now()),
    }
    await recordNote(this.#ports, note, originOf(this.controller.name, 'note', primary.last))
  }

  /** The failure belongs to the object whose computation failed, if it is known, else to the key's object. */
  async #noteFailure(key: string, failure: KeyFailure, primary?: Primary): Promise<void> {
    const { objects } = this.#ports
    const about =
      objects.ofStream(failure.key) ?? (primary && 'object' in primary ? primary : undefined)
    const version = about?.object.metadata.resourceVersion
    const failing = this.#failures.failed(key, failure, version)
    if (about === undefined) return
    const component = this.controller.name
    const origin = originOf(component, 'note', about.last)
    const attempt = { component, reason: 'FailedReconcile', doing: 'reconciling this' }
    await noteFailure(this.#ports, about, { ...attempt, failing, origin })
  }
}

/** Status-only changes and new dependents trigger a reconciliation, but what it writes is caused by the owner. */
function reasonOf({ type, stored, event }: ObjectChange): Reason {
  const trigger = { id: event.id, correlationId: event.metadata?.$correlationId ?? event.id }
  return type === 'DELETED' ? { trigger, intent: trigger } : { trigger: stored.last }
}
