import type { Amounts } from '@reckon/kubernetes'

/** One resource on every node, by slot: what it has, and what its pods have asked for. */
export type ResourceColumn = {
  allocatable: Float64Array
  requested: Float64Array
  /** As `requested`, where a container that asks for nothing counts with a small amount. */
  requestedForScoring: Float64Array
}

const fields = ['allocatable', 'requested', 'requestedForScoring'] as const

/**
 * Every resource that a node has or a pod asks for. Amounts are whole numbers, so that sums do not depend on the order
 * in which pods came and went.
 */
export class ResourceColumns {
  readonly #columns = new Map<string, ResourceColumn>()
  #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  of(name: string): ResourceColumn {
    const known = this.#columns.get(name)
    if (known !== undefined) return known
    const column: ResourceColumn = {
      allocatable: new Float64Array(this.#capacity),
      requested: new Float64Array(this.#capacity),
      requestedForScoring: new Float64Array(this.#capacity),
    }
    this.#columns.set(name, column)
    return column
  }

  grow(capacity: number): void {
    this.#capacity = capacity
    for (const column of this.#columns.values()) {
      for (const field of fields) column[field] = grown(column[field], capacity)
    }
  }

  setAllocatable(slot: number, amounts: Amounts): void {
    for (const column of this.#columns.values()) column.allocatable[slot] = 0
    for (const [name, amount] of Object.entries(amounts)) this.of(name).allocatable[slot] = amount
  }

  /** Whether a slot has left what is asked for. */
  hasRoom(slot: number, requests: Amounts): boolean {
    for (const name in requests) {
      const { allocatable, requested } = this.of(name)
      if ((requests[name] ?? 0) > (allocatable[slot] ?? 0) - (requested[slot] ?? 0)) return false
    }
    return true
  }

  /** Whether everything that is known of two slots is the same. */
  areEqual(one: number, other: number): boolean {
    for (const column of this.#columns.values()) {
      for (const field of fields) {
        const amounts = column[field]
        if (amounts[one] !== amounts[other]) return false
      }
    }
    return true
  }

  /** Everything that is known of a slot, as one text. */
  textAt(slot: number): string {
    let text = ''
    for (const { allocatable, requested, requestedForScoring } of this.#columns.values()) {
      text += `${allocatable[slot]} ${requested[slot]} ${requestedForScoring[slot]} `
    }
    return text
  }

  /** Counts a pod's requests on a slot, or with `sign` -1 no longer. */
  count(
    slot: number,
    { requests, scoringRequests }: { requests: Amounts; scoringRequests: Amounts },
    sign: 1 | -1,
  ): void {
    for (const name in requests) add(this.of(name).requested, slot, sign * (requests[name] ?? 0))
    for (const name in scoringRequests) {
      add(this.of(name).requestedForScoring, slot, sign * (scoringRequests[name] ?? 0))
    }
  }
}

function add(column: Float64Array, slot: number, amount: number): void {
  column[slot] = (column[slot] ?? 0) + amount
}

function grown(array: Float64Array, capacity: number): Float64Array {
  const longer = new Float64Array(capacity)
  longer.set(array)
  return longer
}
