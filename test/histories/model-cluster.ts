import { firstWhere } from './history-log.ts'
import type { LoggedEvent, State } from './logged-event.ts'
import {
  type Answer,
  type Asked,
  keyOf,
  type Precondition,
  type Ref,
  type Refusal,
  type Scope,
  type Seen,
  type WatchLine,
} from './operation.ts'

type Present = { ref: Ref; state: State }

type Change = { position: bigint; ref: Ref; before: State | undefined; state: State | undefined }

const labels = { kept: 'yes' }
/** Above 2^53, so that nothing here can rely on numbers. */
const firstPosition = 2n ** 60n

/** A cluster that keeps every promise, as small as can be: each request is done whole at one moment. */
export class ModelCluster {
  readonly log: LoggedEvent[] = []
  readonly #objects = new Map<string, Present>()
  readonly #changes: Change[] = []
  readonly #cuts = new Map<bigint, readonly Present[]>()
  #position = firstPosition
  #uids = 0

  get head(): bigint {
    return this.#position
  }

  /** Someone else's event: of an object, or of none. */
  record(type: string, ref?: Ref, state?: Partial<State>): void {
    const known = ref && this.#objects.get(keyOf(ref))?.state
    if (ref === undefined) this.log.push({ type, position: ++this.#position })
    else if (state === undefined) this.#write(type, ref, undefined)
    else this.#write(type, ref, { ...(known ?? this.#fresh()), ...state })
  }

  do(asked: Asked, request: string): Answer {
    switch (asked.verb) {
      case 'create':
        return this.#create(asked, request)
      case 'get':
        return this.#seen(asked.ref) ?? refused(404, 'NotFound', asked.ref)
      case 'list':
        return this.#list(asked)
      case 'update':
      case 'patch':
      case 'delete':
        return this.#change(asked, request)
      case 'watch':
        throw new Error('a watch is told line by line')
    }
  }

  /** What a watch of this scope has to tell after a position: the next line, if there is one. */
  next(scope: Scope, after: bigint): Extract<WatchLine, { seen: Seen }> | undefined {
    const first = firstWhere(
      this.#changes.length,
      (nth) => (this.#changes[nth]?.position ?? 0n) > after,
    )
    for (const { position, ref, before, state } of this.#changes.slice(first)) {
      const was = before && isIn(scope, ref, before)
      if (state && isIn(scope, ref, state)) {
        return { type: was ? 'MODIFIED' : 'ADDED', seen: shown(ref, state) }
      }
      if (was) return { type: 'DELETED', seen: { ...shown(ref, before), version: position } }
    }
    return undefined
  }

  refs(): Ref[] {
    return [...this.#objects.values()].map(({ ref }) => ref)
  }

  #create(asked: Extract<Asked, { verb: 'create' }>, request: string): Answer {
    const name = asked.isNameGenerated ? `${asked.ref.name}${this.#uids}` : asked.ref.name
    const ref = { ...asked.ref, name }
    const home = this.#objects.get(
      keyOf({ resource: 'namespaces', namespace: '', name: ref.namespace }),
    )
    if (ref.namespace !== '') {
      const about = { resource: 'namespaces', name: ref.namespace }
      if (!home) return { type: 'Refused', code: 404, reason: 'NotFound', about }
      if (home.state.isTerminating) return refused(403, 'Forbidden', ref)
    }
    if (this.#objects.has(keyOf(ref))) return refused(409, 'AlreadyExists', ref)
    const state = { ...this.#fresh(), token: asked.token }
    return { type: 'Done', seen: shown(ref, this.#write('Created', ref, state, request)) }
  }

  #change(asked: Extract<Asked, { verb: 'update' | 'patch' | 'delete' }>, request: string): Answer {
    const { ref, precondition = {} } = asked
    const found = this.#objects.get(keyOf(ref))
    if (!found) return refused(404, 'NotFound', ref)
    const { state } = found
    const refusal = refusalOf(ref, state, precondition)
    if (refusal) return refusal
    if (asked.verb !== 'delete') {
      if (state.token === asked.token) return { type: 'Done', seen: shown(ref, state) }
      const changed = { ...state, token: asked.token, labels: asked.verb === 'patch' ? labels : {} }
      return { type: 'Done', seen: shown(ref, this.#write('Changed', ref, changed, request)) }
    }
    if (ref.resource !== 'namespaces') {
      this.#write('Deleted', ref, undefined, request)
      return { type: 'Gone', uid: state.uid }
    }
    if (state.isTerminating) return { type: 'Done', seen: shown(ref, state) }
    const marked = this.#write('DeletionRequested', ref, { ...state, isTerminating: true }, request)
    return { type: 'Done', seen: shown(ref, marked) }
  }

  #list({ scope, limit, version, after }: Extract<Asked, { verb: 'list' }>): Answer {
    const at = version ?? this.#position
    const all = this.#cuts.get(at) ?? this.#everything()
    this.#cuts.set(at, all)
    const rest = all.filter(
      ({ ref, state }) => isIn(scope, ref, state) && (!after || keyOf(ref) > keyOf(after)),
    )
    const items = rest.slice(0, limit ?? rest.length)
    return {
      type: 'Listed',
      version: at,
      items: items.map(({ ref, state }) => shown(ref, state)),
      goesOn: rest.length > items.length,
    }
  }

  #everything(): Present[] {
    const sorted = [...this.#objects].sort(([a], [b]) => (a < b ? -1 : 1))
    return sorted.map(([, present]) => present)
  }

  #seen(ref: Ref): Answer | undefined {
    const found = this.#objects.get(keyOf(ref))
    return found && { type: 'Done', seen: shown(ref, found.state) }
  }

  #fresh(): State {
    this.#uids += 1
    return { uid: `uid-${this.#uids}`, version: 0n, token: undefined, labels, isTerminating: false }
  }

  #write(type: string, ref: Ref, state: State, request?: string): State
  #write(type: string, ref: Ref, state: undefined, request?: string): undefined
  #write(type: string, ref: Ref, state: State | undefined, request?: string): State | undefined {
    this.#position += 1n + (this.#position % 3n)
    const position = this.#position
    const before = this.#objects.get(keyOf(ref))?.state
    const written = state && { ...state, version: position }
    this.#changes.push({ position, ref, before, state: written })
    this.log.push({
      position,
      type,
      ref,
      ...(written && { state: written }),
      ...(request && { request }),
    })
    if (written) this.#objects.set(keyOf(ref), { ref, state: written })
    else this.#objects.delete(keyOf(ref))
    return written
  }
}

function refusalOf(ref: Ref, state: State, wanted: Precondition): Refusal | undefined {
  const { uid = state.uid, version = state.version, token = state.token } = wanted
  if (uid !== state.uid || version !== state.version) return refused(409, 'Conflict', ref)
  return token === state.token ? undefined : refused(422, 'Invalid', ref)
}

const refused = (code: number, reason: string, about: Ref): Refusal => ({
  type: 'Refused',
  code,
  reason,
  about: { resource: about.resource, name: about.name },
})

const shown = (ref: Ref, { uid, version, token, isTerminating }: State): Seen => ({
  ref,
  uid,
  version,
  ...(token !== undefined && { token }),
  ...(isTerminating && { isTerminating }),
})

const isIn = (
  { resource, namespace, labels: wanted = {} }: Scope,
  ref: Ref,
  state: State,
): boolean =>
  resource === ref.resource &&
  (namespace === undefined || namespace === ref.namespace) &&
  Object.entries(wanted).every(([label, value]) => state.labels[label] === value)
