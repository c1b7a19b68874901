import type { RecordedEvent } from '@reckon/eventing'
import {
  evolveClaims,
  type QuotaClaim,
  quotaEventIn,
  quotaNamespace,
} from '../quota/quota-claim.ts'

/** The claims on a namespace's quotas, and the last revision of their stream. */
export type Claimed = { claims: readonly QuotaClaim[]; revision: bigint }

/** The claims of one namespace in JSON. */
export type SavedClaims = readonly [
  namespace: string,
  { claims: readonly QuotaClaim[]; revision: string },
]

/**
 * The claims on quotas whose objects are not recorded yet, as a part of the shared projection. A claim ends with the
 * next event of its object: then the object exists and counts itself, or the write that made the claim will be refused.
 */
export class QuotaClaims {
  readonly #byNamespace = new Map<string, Claimed>()
  /** By the stream of the object for which something is claimed: its namespace. */
  readonly #waiting = new Map<string, string>()
  readonly #listeners = new Set<(namespace: string) => void>()

  /** Returns whether the event was one of a namespace's quotas. */
  apply(event: RecordedEvent): boolean {
    const namespace = quotaNamespace(event.stream)
    if (namespace === undefined) return false
    const claims = evolveClaims(this.of(namespace).claims, quotaEventIn(event))
    this.#put(namespace, { claims, revision: event.revision })
    for (const listener of this.#listeners) listener(namespace)
    return true
  }

  /** Call with the stream of every event. */
  settle(stream: string): void {
    const namespace = this.#waiting.get(stream)
    if (namespace === undefined) return
    this.#waiting.delete(stream)
    const { claims, revision } = this.of(namespace)
    this.#put(namespace, { claims: claims.filter((each) => each.stream !== stream), revision })
  }

  /** A namespace without any claim ever is at revision −1. */
  of(namespace: string): Claimed {
    return this.#byNamespace.get(namespace) ?? { claims: [], revision: -1n }
  }

  /** Calls the listener with the namespace of each event; returns a function to unsubscribe. */
  subscribe(listener: (namespace: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The namespaces with claims. */
  namespaces(): readonly string[] {
    return [...new Set(this.#waiting.values())]
  }

  snapshot(): readonly SavedClaims[] {
    return Array.from(this.#byNamespace, ([namespace, { claims, revision }]) => [
      namespace,
      { claims, revision: String(revision) },
    ])
  }

  restore([namespace, { claims, revision }]: SavedClaims): void {
    this.#put(namespace, { claims, revision: BigInt(revision) })
  }

  #put(namespace: string, claimed: Claimed): void {
    this.#byNamespace.set(namespace, claimed)
    for (const { stream } of claimed.claims) this.#waiting.set(stream, namespace)
  }
}
