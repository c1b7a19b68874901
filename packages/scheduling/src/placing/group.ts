/** Nodes that no plugin tells apart but by what their pods take of them. */
export type Group = {
  /** How many nodes are in it. */
  readonly size: number
  /** For each topology that the pod's class asks about the number of these nodes' domain; -1 where they have none. */
  readonly domains: readonly number[]
  /** For each count that is kept by node how many such pods stand on each of these nodes. */
  readonly counts: readonly number[]
}
