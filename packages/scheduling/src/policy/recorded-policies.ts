import { schedulerConfiguredIn, schedulerStream } from '@reckon/domain'
import type { RecordedEvent } from '../replaying/recorded-decision.ts'
import { defaultPolicies, type Policies, policiesOf } from './policies.ts'

/** The policies by the log: those of the last recorded configuration. */
export class RecordedPolicies {
  #position: bigint | undefined
  #configuration: unknown
  #current: Policies = defaultPolicies
  readonly #listeners = new Set<() => void>()

  get position(): bigint | undefined {
    return this.#position
  }

  /** The current policies. */
  get current(): Policies {
    return this.#current
  }

  apply(event: RecordedEvent): void {
    this.#position = event.position
    if (event.stream !== schedulerStream) return
    this.#take(schedulerConfiguredIn(event).configuration)
    for (const listener of this.#listeners) listener()
  }

  /** Calls the listener after each change; returns how to end it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Of all other streams nothing matters. */
  supersedes({ stream }: RecordedEvent): boolean {
    return stream !== schedulerStream
  }

  snapshot(): Iterable<unknown> {
    const position = this.#position === undefined ? null : String(this.#position)
    return [position, this.#configuration ?? null]
  }

  restore(record: unknown): void {
    if (typeof record === 'string') this.#position = BigInt(record)
    else if (record !== null) this.#take(record)
  }

  #take(configuration: unknown): void {
    this.#configuration = configuration ?? undefined
    this.#current = configuration ? policiesOf(configuration) : defaultPolicies
  }
}
