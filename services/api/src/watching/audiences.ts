import { Audience } from './audience.ts'
import { type SeenChange, seenChange } from './seen-change.ts'
import type { WatchedChange } from './watched-change.ts'
import type { Watcher } from './watcher.ts'

/**
 * The audiences of one resource, indexed by the namespace and name that they select, so that a change visits only those
 * that it may concern.
 */
export class Audiences {
  readonly #byId = new Map<string, Audience>()
  readonly #byScope = new Map<string, Set<Audience>>()
  readonly #of = new Map<Watcher, Audience>()

  /** The number of watchers. */
  get size(): number {
    return this.#of.size
  }

  has(watcher: Watcher): boolean {
    return this.#of.has(watcher)
  }

  add(watcher: Watcher): void {
    const id = Audience.idOf(watcher)
    const audience = this.#byId.get(id) ?? this.#added(new Audience(watcher))
    audience.watchers.add(watcher)
    this.#of.set(watcher, audience)
  }

  remove(watcher: Watcher): void {
    const audience = this.#of.get(watcher)
    if (audience === undefined) return
    this.#of.delete(watcher)
    audience.watchers.delete(watcher)
    if (audience.watchers.size > 0) return
    this.#byId.delete(audience.id)
    const scope = scopeOf(audience)
    const others = this.#byScope.get(scope)
    others?.delete(audience)
    if (others?.size === 0) this.#byScope.delete(scope)
  }

  /** The audiences that see any of the changes, each with the changes that it sees. */
  seeing(changes: readonly WatchedChange[]): ReadonlyMap<Audience, readonly SeenChange[]> {
    const seeing = new Map<Audience, SeenChange[]>()
    for (const change of changes) {
      for (const scope of scopesAround(change)) {
        for (const audience of this.#byScope.get(scope) ?? []) {
          const seen = seenChange(change, audience.selection)
          if (seen === undefined) continue
          const all = seeing.get(audience)
          if (all === undefined) seeing.set(audience, [seen])
          else all.push(seen)
        }
      }
    }
    return seeing
  }

  #added(audience: Audience): Audience {
    this.#byId.set(audience.id, audience)
    const scope = scopeOf(audience)
    this.#byScope.set(scope, (this.#byScope.get(scope) ?? new Set()).add(audience))
    return audience
  }
}

/** A wildcard; not a valid character of a name. */
const any = '*'

const scopeOf = ({ selection: { namespace = any, name = any } }: Audience): string =>
  `${namespace} ${name}`

function scopesAround({ stored }: WatchedChange): readonly string[] {
  const { namespace = '', name } = stored.object.metadata
  return [`${namespace} ${name}`, `${namespace} ${any}`, `${any} ${name}`, `${any} ${any}`]
}
