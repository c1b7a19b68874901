import { dataOf, type Recorded } from './recorded-data.ts'

/** The scheduler's verdict on one node: rejected by a plugin, or what it passed and how it scored. */
export type NodeVerdict = {
  node: string
  rejectedBy?: { plugin: string; reason: string }
  /** The filter plugins that let the pod pass. */
  passed: readonly string[]
  /** The weighted score of each score plugin. */
  scores?: Record<string, number>
  total?: number
}

/** The verdicts on nodes, in columns; ordered by name if they are all nodes. */
export type VerdictTable = {
  /** The common prefix and suffix of the node names, and what is between them. */
  nodes: { prefix: string; suffix: string; names: string[] }
  /** The filter plugins in order: a node passed those before the one that rejected it. */
  filters: string[]
  rejections: { plugin: string; reason: string }[]
  /** For each node the index of its rejection in `rejections`, or -1 if it fits; a single number stands for all. */
  verdicts: number | number[]
  /** For each node that fits its weighted scores; a single number stands for all. */
  scores: Record<string, number | number[]>
}

/** What is recorded instead of a table if there are too many nodes. */
export type VerdictDigest = {
  nodeCount: number
  suitingCount: number
  /** How many nodes each reason rejects; the most frequent reasons. */
  reasons: { reason: string; count: number }[]
  /** The chosen node and the next best, in order; absent where no node fits. */
  leading?: VerdictTable
  /** The same in an older form, one by one. */
  best?: NodeVerdict[]
}

/** A preemption: a node is nominated for the pod, and these pods of lower priority must leave it. */
export type Nomination = {
  nodeName: string
  /** The most important first. */
  victims: { namespace: string; name: string; uid: string }[]
  /** How many of them a disruption budget protects; absent: none. */
  violations?: number
}

/**
 * A scheduling decision, recorded with the event that it led to, so that it can be explained for ever and recomputed
 * from the log.
 */
export type Decision = {
  term: number
  /** Numbered within the term; the number of a refused append is never used again. */
  number: number
  /**
   * The position of the scheduler's view. Another store assigns other positions, so the id of the event there is
   * included.
   */
  view: { position: string; eventId: string }
  policy: string
  /** The version of the algorithm; absent: 1. */
  algorithm?: number
  /** Numbers of decisions of this term that this one assumed, though they were not yet in the view. */
  assumed: number[]
  /** A hash of everything that the decision depends on. */
  state?: string
  /** How many nodes were equally good, and the index (by name) of the one taken. */
  tie?: { tied: number; rank: number }
  /** Algorithm 1: every node up to 100; with more nodes the chosen one, the best, and one for each reason. */
  nodes?: NodeVerdict[]
  /** Up to 100 nodes. */
  table?: VerdictTable
  /** More than 100 nodes. */
  digest?: VerdictDigest
  /** If no node fits and pods must leave one. */
  nomination?: Nomination
  message: string
}

/** `PlacementRefused`: the decision with this number was not recorded, so decisions that assumed it were wrong. */
export type PlacementRefused = {
  term: number
  number: number
  podUid: string
  nodeName: string
  /** The node nominated for the pod; absent: the pod was to be bound to it. */
  isNomination?: boolean
}

export const refusedIn = (event: Recorded): PlacementRefused =>
  dataOf(event, 'term', 'number', 'podUid', 'nodeName')
