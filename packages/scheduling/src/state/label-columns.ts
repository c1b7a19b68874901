import { ownValue } from '@reckon/kubernetes'

type Labels = Readonly<Record<string, string>> | undefined

/** One label key on every node: by slot the number of its value, -1 where the node lacks it. */
export class LabelColumn {
  values: Int32Array
  readonly #numbers = new Map<string, number>()
  /** How many nodes have each value. */
  readonly #nodes: number[] = []
  #sharedValues = 0

  constructor(capacity: number) {
    this.values = new Int32Array(capacity).fill(-1)
  }

  /** Whether no two nodes have the same value, as it is with `kubernetes.io/hostname`. */
  get isUnique(): boolean {
    return this.#sharedValues === 0
  }

  set(slot: number, value: string | undefined): void {
    const before = this.values[slot] ?? -1
    if (before >= 0) this.#count(before, -1)
    const after = value === undefined ? -1 : this.#numberOf(value)
    if (after >= 0) this.#count(after, 1)
    this.values[slot] = after
  }

  grow(capacity: number): void {
    const longer = new Int32Array(capacity).fill(-1)
    longer.set(this.values)
    this.values = longer
  }

  #count(value: number, by: 1 | -1): void {
    const before = this.#nodes[value] ?? 0
    const after = before + by
    this.#nodes[value] = after
    this.#sharedValues += (after > 1 ? 1 : 0) - (before > 1 ? 1 : 0)
  }

  #numberOf(value: string): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(value, number)
    return number
  }
}

/** The label keys that plugins have asked about. */
export class LabelColumns {
  readonly #columns = new Map<string, LabelColumn>()
  #uniqueness = 0

  /** Changes when the values of a key become unique, or are no longer. */
  get uniqueness(): number {
    return this.#uniqueness
  }

  /** The column of a key, filled from the nodes at its first use. */
  of(
    key: string,
    { capacity, nodes }: { capacity: number; nodes: readonly LabeledNode[] },
  ): LabelColumn {
    const known = this.#columns.get(key)
    if (known !== undefined) return known
    const column = new LabelColumn(capacity)
    nodes.forEach((node, slot) => {
      column.set(slot, ownValue(node?.metadata.labels, key))
    })
    this.#columns.set(key, column)
    return column
  }

  /** Applies a node's labels. */
  set(slot: number, labels: Labels): void {
    for (const [key, column] of this.#columns) {
      const before = column.isUnique
      column.set(slot, ownValue(labels, key))
      if (column.isUnique !== before) this.#uniqueness += 1
    }
  }

  grow(capacity: number): void {
    for (const column of this.#columns.values()) column.grow(capacity)
  }
}

type LabeledNode = { metadata: { labels?: Record<string, string> } } | undefined
