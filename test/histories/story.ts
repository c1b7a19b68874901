import type { LoggedEvent, State } from './logged-event.ts'
import type { Answer, Asked, Operation, Ref, Seen, WatchLine } from './operation.ts'

type ReceivedLine = WatchLine & { at: number }

/** A history of a few steps, written down as a test tells it. The namespace `a` is there from the beginning. */
export class Story {
  readonly operations: Operation[] = []
  readonly events: LoggedEvent[] = []

  constructor() {
    this.recorded(1, home, { token: 'home' })
  }

  /** One request of Ada's, unless another is named, from one time to another. */
  asked(
    [invokedAt, at]: readonly [number, number?],
    asked: Asked,
    answer?: Answer,
    client = 'ada',
  ): this {
    const id = String(this.operations.length + 1)
    const answered = answer && at !== undefined ? { answer: { ...answer, at } } : {}
    this.operations.push({ id, client, asked, invokedAt, ...answered })
    return this
  }

  /** An event at a position that left the object so, or deleted it; `request` is the number of the operation. */
  recorded(position: number, ref: Ref, state: Partial<State> | 'Deleted', request?: number): this {
    const left = state !== 'Deleted' && {
      state: { ...fresh, ...state, version: BigInt(position) },
    }
    const type = left ? 'Changed' : 'Deleted'
    const by = request !== undefined && {
      request: String(request),
      correlationId: `audit-${request}`,
    }
    this.events.push({ position: BigInt(position), type, ref, ...left, ...by })
    return this
  }
}

const fresh: State = { uid: 'u1', version: 0n, token: 't', labels: {}, isTerminating: false }

export const home: Ref = { resource: 'namespaces', namespace: '', name: 'a' }
export const web: Ref = { resource: 'configmaps', namespace: 'a', name: 'web' }
export const api: Ref = { resource: 'configmaps', namespace: 'a', name: 'api' }
export const all = { resource: 'configmaps' }

export const seen = (version: number, token: string, { ref = web, uid = 'u1' } = {}): Seen => ({
  ref,
  uid,
  version: BigInt(version),
  token,
})

export const done = (...shown: Parameters<typeof seen>): Answer => ({
  type: 'Done',
  seen: seen(...shown),
})

export const refused = (code: number, reason: string): Answer => ({ type: 'Refused', code, reason })

export const listed = (version: number, items: readonly Seen[], goesOn = false): Answer => ({
  type: 'Listed',
  version: BigInt(version),
  items,
  goesOn,
})

export const watched = (...received: readonly ReceivedLine[]): Answer => ({
  type: 'Watched',
  received,
})

export const line = (
  at: number,
  type: 'ADDED' | 'MODIFIED' | 'DELETED',
  shown: Seen,
): ReceivedLine => ({
  at,
  type,
  seen: shown,
})

export const bookmark = (at: number, version: number, isInitialEnd = false): ReceivedLine => ({
  at,
  type: 'BOOKMARK',
  version: BigInt(version),
  isInitialEnd,
})

export const create = (token: string, ref = web): Asked => ({ verb: 'create', ref, token })
export const get = (version?: number): Asked => ({
  verb: 'get',
  ref: web,
  ...(version !== undefined && { version: BigInt(version) }),
})
export const patch = (token: string, precondition = {}): Asked => ({
  verb: 'patch',
  ref: web,
  token,
  precondition,
})
export const del = (precondition = {}): Asked => ({ verb: 'delete', ref: web, precondition })
export const watch = (since: number, more = {}): Asked => ({
  verb: 'watch',
  scope: { ...all, ...more },
  since: BigInt(since),
})
export const list = (more = {}): Asked => ({ verb: 'list', scope: all, ...more })
