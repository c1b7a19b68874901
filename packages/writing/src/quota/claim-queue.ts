import {
  decideClaims,
  metadataOf,
  type Origin,
  type QuotaCommand,
  quotaEventIn,
  quotaStream,
} from '@reckon/domain'
import { appendSurely, type Clock, type EventLog, type Ids } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import type { KnownQuotas, UnseenClaim } from './known-quotas.ts'

type Ports = { log: EventLog; clock: Clock; ids: Ids }

/** A writer's command to the quotas of a namespace. */
type QueuedCommand = {
  command: QuotaCommand
  origin: Origin
  /** Receives the refusal, if the quotas do not allow it. */
  answer(refusal: string | undefined): void
  fail(error: unknown): void
}

const togetherMax = 64
const triesMax = 16

/**
 * The claims of one process: those of a namespace are recorded in one batch after the other, so that they race only
 * with other processes. Claims that wait meanwhile form the next batch.
 */
export class ClaimQueue {
  readonly #known: KnownQuotas
  readonly #waiting = new Map<string, QueuedCommand[]>()

  constructor(known: KnownQuotas) {
    this.#known = known
  }

  /** Resolves to the refusal, as far as this process knows; undefined once the claim is recorded. */
  ask(
    ports: Ports,
    namespace: string,
    { command, origin }: Pick<QueuedCommand, 'command' | 'origin'>,
  ): Promise<string | undefined> {
    return new Promise((answer, fail) => {
      const waiting = this.#waiting.get(namespace)
      const asked = { command, origin, answer, fail }
      if (waiting) {
        waiting.push(asked)
        return
      }
      this.#waiting.set(namespace, [asked])
      void this.#work(ports, namespace)
    })
  }

  async #work(ports: Ports, namespace: string): Promise<void> {
    for (;;) {
      const batch = this.#waiting.get(namespace)?.splice(0, togetherMax) ?? []
      if (batch.length === 0) break
      try {
        await this.#record(ports, namespace, batch)
      } catch (error) {
        for (const { fail } of batch) fail(error)
      }
    }
    this.#waiting.delete(namespace)
  }

  /** Decides on a batch and records the result; repeats where another process was first. */
  async #record(ports: Ports, namespace: string, batch: readonly QueuedCommand[]): Promise<void> {
    const { clock, ids, log } = ports
    const stream = quotaStream(namespace)
    for (let tries = 0; tries < triesMax; tries++) {
      const { claims, revision } = this.#known.claimed(namespace)
      const commands = batch.map(({ command }) => command)
      const outcomes = decideClaims(this.#known.in(namespace), claims, commands)
      const events = outcomes.flatMap(({ event }, index) => {
        const origin = batch[index]?.origin
        if (event === undefined || origin === undefined) return []
        const id = ids.next()
        return [{ ...event, id, metadata: metadataOf(origin, id, clock.now()) }]
      })
      const isRecorded =
        events.length === 0 ||
        (await appendSurely(log, stream, { after: revision, events })).recorded
      if (!isRecorded) {
        this.#known.note(namespace, await eventsAfter(log, stream, revision))
        continue
      }
      const unseen = events.map((event, index) => ({
        ...event,
        revision: revision + 1n + BigInt(index),
      }))
      this.#known.note(namespace, unseen)
      for (const [index, { answer }] of batch.entries()) answer(outcomes[index]?.refusal)
      return
    }
    throw new StatusError('Conflict', `stream "${stream}" is being changed by too many at once`)
  }
}

async function eventsAfter(log: EventLog, stream: string, revision: bigint) {
  const events: UnseenClaim[] = []
  for await (const event of log.readStream(stream, { from: revision + 1n })) {
    events.push({ ...quotaEventIn(event), revision: event.revision })
  }
  return events
}
