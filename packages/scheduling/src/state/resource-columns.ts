import type { Amounts } from '@reckon/kubernetes'

/** One resource on every node, by slot: the allocatable amount, and what its pods request. */
export type ResourceColumn = {
  allocatable: Float64Array
  requested: Float64Array
  /** As `requested`, but containers without a request count with a small amount. */
  requestedForScoring: Float64Array
}

const fields = ['allocatable', 'requested', 'requestedForScoring'] as const

/**
 * Every resource that a node has or a pod requests. Amounts are whole numbers, so that sums do not depend on the order
 * in which pods were added and removed.
 */
export class ResourceColumns {
  readonly #columns = new Map<string, ResourceColumn>()
  /** The same, in the order in which they were made. */
  readonly #all: ResourceColumn[] = []
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
    this.#all.push(column)
    return column
  }

  grow(capacity: number): void {
    this.#capacity = capacity
    for (const column of this.#all) {
      for (const field of fields) column[field] = grown(column[field], capacity)
    }
  }

  setAllocatable(slot: number, amounts: Amounts): void {
    for (const column of this.#all) column.allocatable[slot] = 0
    for (const [name, amount] of Object.entries(amounts)) this.of(name).allocatable[slot] = amount
  }

  /** Whether a slot has these amounts left. */
  hasRoom(slot: number, requests: Amounts): boolean {
    for (const name in requests) {
      const { allocatable, requested } = this.of(name)
      if ((requests[name] ?? 0) > (allocatable[slot] ?? 0) - (requested[slot] ?? 0)) return false
    }
    return true
  }

  /** All amounts of a slot, in the order in which columns were created. */
  amountsAt(slot: number): number[] {
    return this.#all.flatMap((column) => fields.map((field) => column[field][slot] ?? 0))
  }

  /** Whether a slot has these amounts, and none in columns that were created since. */
  areAt(slot: number, amounts: readonly number[]): boolean {
    let index = 0
    for (const { allocatable, requested, requestedForScoring } of this.#all) {
      if (allocatable[slot] !== (amounts[index] ?? 0)) return false
      if (requested[slot] !== (amounts[index + 1] ?? 0)) return false
      if (requestedForScoring[slot] !== (amounts[index + 2] ?? 0)) return false
      index += fields.length
    }
    return true
  }

  /** Equal for slots with equal amounts; columns in which a slot has nothing do not matter. */
  hashAt(slot: number): number {
    let hash = 0
    let salt = 0
    for (const { allocatable, requested, requestedForScoring } of this.#all) {
      hash ^= mixed(allocatable[slot] ?? 0, salt + 1)
      hash ^= mixed(requested[slot] ?? 0, salt + 2)
      hash ^= mixed(requestedForScoring[slot] ?? 0, salt + 3)
      salt += fields.length
    }
    return hash
  }

  /** Adds a pod's requests on a slot, or with `sign` -1 subtracts them. */
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

/** 0 for nothing. */
function mixed(amount: number, salt: number): number {
  if (amount === 0) return 0
  // An amount may have up to 53 bits.
  const both = Math.imul(amount | 0, 0x85ebca6b) ^ Math.imul((amount / 2 ** 32) | 0, 0xc2b2ae35)
  return Math.imul(both ^ (both >>> 15) ^ (salt << 20), 0x27d4eb2f + 2 * salt)
}

function add(column: Float64Array, slot: number, amount: number): void {
  column[slot] = (column[slot] ?? 0) + amount
}

function grown(array: Float64Array, capacity: number): Float64Array {
  const longer = new Float64Array(capacity)
  longer.set(array)
  return longer
}
