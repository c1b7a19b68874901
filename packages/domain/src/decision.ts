import { dataOf, type Recorded } from './recorded-data.ts'

/** What the scheduler found about one node: rejected by a plugin, or what it passed and how it scored. */
export type NodeVerdict = {
  node: string
  rejectedBy?: { plugin: string; reason: string }
  /** The filter plugins that let the pod pass. */
  passed: readonly string[]
  /** Each score plugin's weighted score. */
  scores?: Record<string, number>
  total?: number
}

/** Nodes' verdicts, by columns; where they are all nodes, in the order of their names. */
export type VerdictTable = {
  /** What the names of all nodes begin and end with, and what stands between. */
  nodes: { prefix: string; suffix: string; names: string[] }
  /** The filter plugins in their order: a node passed those before the one that rejected it. */
  filters: string[]
  rejections: { plugin: string; reason: string }[]
  /** For each node the place of its rejection in `rejections`, or -1 where it suits; one number stands for all. */
  verdicts: number | number[]
  /** For each node that suits its weighted scores; one number stands for all. */
  scores: Record<string, number | number[]>
}

/** What is kept of the verdicts where there are too many nodes for a table. */
export type VerdictDigest = {
  nodeCount: number
  suitingCount: number
  /** How many nodes each reason keeps the pod off; the most frequent ones. */
  reasons: { reason: string; count: number }[]
  /** The chosen node and the next best ones, in this order; absent where no node suits. */
  leading?: VerdictTable
  /** The same as it was told before, one by one. */
  best?: NodeVerdict[]
}

/** That a node is kept for a pod which none suits, and who has to leave it: all of a lower priority. */
export type Nomination = {
  nodeName: string
  /** The most important first. */
  victims: { namespace: string; name: string; uid: string }[]
  /** How many of them a disruption budget would keep; absent: none. */
  violations?: number
}

/**
 * A scheduling decision, recorded with the event that it made, so that it can be explained for ever and recomputed from
 * the log.
 */
export type Decision = {
  term: number
  /** Counts within the term; the number of a refused append is never used again. */
  number: number
  /** What the scheduler had seen. Another store assigns other positions, so the event's id stands beside it. */
  view: { position: string; eventId: string }
  policy: string
  /** The version of the algorithm that decided; absent: 1. */
  algorithm?: number
  /** Numbers of decisions of this term that were relied upon though not yet in the view. */
  assumed: number[]
  /** A hash of everything that the decision depended on. */
  state?: string
  /** How many nodes were equally good, and which of them by name was taken, from 0. */
  tie?: { tied: number; rank: number }
  /** Of algorithm 1: every node up to 100; beyond, the chosen one, the best, and one of each reason. */
  nodes?: NodeVerdict[]
  /** Up to 100 nodes. */
  table?: VerdictTable
  /** Beyond. */
  digest?: VerdictDigest
  /** Where no node suits and pods have to leave one. */
  nomination?: Nomination
  message: string
}

/** `PlacementRefused`: the decision of this number was not recorded, so whoever relied upon it was wrong. */
export type PlacementRefused = {
  term: number
  number: number
  podUid: string
  nodeName: string
  /** The node was to be kept for the pod; absent: the pod was to be bound to it. */
  isNomination?: boolean
}

export const refusedIn = (event: Recorded): PlacementRefused =>
  dataOf(event, 'term', 'number', 'podUid', 'nodeName')
