import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedChanges } from './followed-changes.ts'
import { absent } from './node-cell.ts'
import type { NodeJudge } from './node-judge.ts'

/** Nodes sorted, by their Node objects alone, into those that a sort of pods cannot run on and groups of equal ones. */
export type NodeGroups = {
  readonly judge: NodeJudge
  /** The group's number, or a cell of `node-cell.ts`. */
  cellAt(slot: number): number
  /** Takes in the nodes that changed. */
  refresh(): void
}

/** All nodes, each judged by itself. */
export class Grouping implements NodeGroups {
  readonly judge: NodeJudge
  /** By slot. */
  #cells = new Int32Array(0)
  readonly #cluster: ClusterState
  readonly #followed: FollowedChanges

  constructor(cluster: ClusterState, judge: NodeJudge) {
    this.judge = judge
    this.#cluster = cluster
    this.#followed = new FollowedChanges(cluster.nodeChanges)
  }

  cellAt(slot: number): number {
    return this.#cells[slot] ?? absent
  }

  refresh(): void {
    const { slots } = this.#cluster
    this.#grow(slots.capacity)
    if (this.#followed.each(this.#look)) return
    this.#cells.fill(absent)
    for (const slot of slots.order.subarray(0, slots.count)) this.#look(slot)
  }

  readonly #look = (slot: number): void => {
    this.#cells[slot] = this.judge.cellOf(slot)
  }

  #grow(capacity: number): void {
    if (capacity <= this.#cells.length) return
    const cells = new Int32Array(capacity).fill(absent)
    cells.set(this.#cells)
    this.#cells = cells
  }
}
