import type { EqualPods } from '@reckon/scheduling'

/** Why a pod is parked, which is the same for all pods of its sort under the same policy. */
export type Parking = {
  readonly sort: EqualPods
  readonly policy: string
  /** The plugins that reject it on some node. */
  readonly rejectedBy: ReadonlySet<string>
  /** The set of reasons, as one text. */
  readonly verdict: string
}

type Sort = {
  parking: Parking
  readonly uids: Set<string>
  /** The pod that is tried on behalf of all. */
  scout: string | undefined
  /** Whether something that may help happened while the scout was being tried. */
  isMissed: boolean
  /** The last wake-up that considered it. */
  askedIn: number
}

/**
 * The parked pods by sort. After an event that may help, one pod of each sort is tried, and the others only if that
 * succeeds.
 */
export class ParkedSorts {
  /** By policy. */
  readonly #sorts = new Map<string, Map<EqualPods, Sort>>()
  readonly #sortOf = new Map<string, Sort>()
  readonly #byPlugin = new Map<string, Set<Sort>>()
  #wakes = 0

  /** Parks a pod; returns the others that should now be tried. */
  park(uid: string, parking: Parking): string[] {
    const before = this.#sortOf.get(uid)
    if (before !== undefined && !isSameSort(before.parking, parking)) this.leave(uid)
    const sort = this.#sorts.get(parking.policy)?.get(parking.sort) ?? this.#create(parking)
    const isOtherwise = sort.parking.verdict !== parking.verdict
    this.#index(sort, parking)
    sort.uids.add(uid)
    this.#sortOf.set(uid, sort)
    if (sort.scout === uid) sort.scout = undefined
    const isMissed = sort.isMissed && sort.scout === undefined
    if (!isOtherwise) return isMissed ? this.#scoutOf(sort) : []
    if (isMissed) sort.isMissed = false
    return [...sort.uids].filter((other) => isMissed || other !== uid)
  }

  /** The pod was placed or is gone; returns the next of its sort, if it was the scout. */
  leave(uid: string): string | undefined {
    const sort = this.#sortOf.get(uid)
    if (sort === undefined) return undefined
    this.#sortOf.delete(uid)
    sort.uids.delete(uid)
    if (sort.uids.size === 0) this.#forget(sort)
    if (sort.scout !== uid) return undefined
    sort.scout = undefined
    return this.#scoutOf(sort)[0]
  }

  /** Returns one pod of each sort that these plugins (or any) rejected and that the event helps. */
  wake(plugins: readonly string[] | undefined, isHelped: (parking: Parking) => boolean): string[] {
    this.#wakes += 1
    const woken: string[] = []
    const all = () => [...this.#sorts.values()].map((ofPolicy) => ofPolicy.values())
    for (const sorts of plugins?.map((plugin) => this.#byPlugin.get(plugin)) ?? all()) {
      for (const sort of sorts ?? []) {
        // It may be listed with several plugins.
        if (sort.askedIn === this.#wakes) continue
        if (sort.isMissed && sort.scout !== undefined) continue
        sort.askedIn = this.#wakes
        if (!isHelped(sort.parking)) continue
        if (sort.scout === undefined) woken.push(...this.#scoutOf(sort))
        else sort.isMissed = true
      }
    }
    return woken
  }

  get isEmpty(): boolean {
    return this.#sortOf.size === 0
  }

  /** The number of pods that each plugin rejects on some node. */
  get counts(): ReadonlyMap<string, number> {
    const counted = [...this.#byPlugin].map(([plugin, sorts]) => {
      const sizes = [...sorts].map(({ uids }) => uids.size)
      return [plugin, sizes.reduce((all, size) => all + size, 0)] as const
    })
    return new Map(counted)
  }

  #scoutOf(sort: Sort): string[] {
    sort.isMissed = false
    const [scout] = sort.uids
    sort.scout = scout
    return scout === undefined ? [] : [scout]
  }

  #create(parking: Parking): Sort {
    const created = {
      parking,
      uids: new Set<string>(),
      scout: undefined,
      isMissed: false,
      askedIn: 0,
    }
    const ofPolicy = this.#sorts.get(parking.policy) ?? new Map<EqualPods, Sort>()
    this.#sorts.set(parking.policy, ofPolicy.set(parking.sort, created))
    return created
  }

  #index(sort: Sort, parking: Parking): void {
    for (const plugin of sort.parking.rejectedBy) this.#byPlugin.get(plugin)?.delete(sort)
    sort.parking = parking
    for (const plugin of parking.rejectedBy) {
      const known = this.#byPlugin.get(plugin)
      if (known) known.add(sort)
      else this.#byPlugin.set(plugin, new Set([sort]))
    }
  }

  #forget(sort: Sort): void {
    const { policy, sort: equal } = sort.parking
    const ofPolicy = this.#sorts.get(policy)
    ofPolicy?.delete(equal)
    if (ofPolicy?.size === 0) this.#sorts.delete(policy)
    for (const plugin of sort.parking.rejectedBy) this.#byPlugin.get(plugin)?.delete(sort)
  }
}

const isSameSort = (a: Parking, b: Parking): boolean => a.sort === b.sort && a.policy === b.policy
