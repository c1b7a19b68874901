import type { RecordedEvent } from '@reckon/eventing'
import { type Fields, listAt } from '@reckon/eventing/bus'
import type { KubernetesObject } from '@reckon/kubernetes'
import { indexOf } from './completion-index.ts'

/** How the pods of one owner ended, each counted once, whatever becomes of it afterwards. */
export type PodEnds = {
  readonly succeeded: number
  readonly failed: number
  /** Of pods that have a completion index: those of which one succeeded. */
  readonly indexes: ReadonlySet<number>
}

type Ends = { succeeded: number; failed: number; indexes: Set<number> }

/** An owner with what was counted, and a pod whose end will count. */
export type SavedEndings =
  | {
      ends: readonly [owner: string, succeeded: number, failed: number, indexes: readonly number[]]
    }
  | { pod: readonly [stream: string, owner: string, index: number | null] }

/** How pods ended, by their owner's uid, as the log tells it: a pod that is gone counts like one that is left. */
export class PodEndings {
  readonly #ends = new Map<string, Ends>()
  /** The pods that have not ended, by their streams. */
  readonly #running = new Map<string, { owner: string; index: number | undefined }>()

  of(owner: string): PodEnds {
    return this.#ends.get(owner) ?? none()
  }

  addOwner(uid: string): void {
    this.#ends.set(uid, none())
  }

  removeOwner(uid: string): void {
    this.#ends.delete(uid)
  }

  /** A pod of an owner came into being. */
  begin(stream: string, owner: string, pod: KubernetesObject): void {
    if (this.#ends.has(owner)) this.#running.set(stream, { owner, index: indexOf(pod) })
  }

  apply({ type, stream }: RecordedEvent): void {
    const pod = this.#running.get(stream)
    if (pod === undefined || !endings.includes(type)) return
    this.#running.delete(stream)
    const ends = this.#ends.get(pod.owner)
    if (ends === undefined) return
    if (type === 'PodFailed') ends.failed++
    if (type !== 'PodSucceeded') return
    ends.succeeded++
    if (pod.index !== undefined) ends.indexes.add(pod.index)
  }

  *snapshot(): Generator<SavedEndings> {
    for (const [owner, { succeeded, failed, indexes }] of this.#ends) {
      yield { ends: [owner, succeeded, failed, [...indexes].sort((a, b) => a - b)] }
    }
    for (const [stream, { owner, index }] of this.#running) {
      yield { pod: [stream, owner, index ?? null] }
    }
  }

  restore(fields: Fields): void {
    if ('pod' in fields) {
      const [stream, owner, index] = listAt(fields, 'pod')
      const known = typeof index === 'number' ? index : undefined
      this.#running.set(String(stream), { owner: String(owner), index: known })
      return
    }
    const [owner, succeeded, failed, indexes] = listAt(fields, 'ends')
    const done = new Set(Array.isArray(indexes) ? indexes.map(Number) : [])
    const ends = { succeeded: Number(succeeded), failed: Number(failed), indexes: done }
    this.#ends.set(String(owner), ends)
  }
}

/** What ends a pod; one that is deleted before counts neither way. */
const endings: readonly string[] = ['PodSucceeded', 'PodFailed', 'PodDeleted']

const none = (): Ends => ({ succeeded: 0, failed: 0, indexes: new Set() })
