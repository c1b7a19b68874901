/** What the scheduler found about one node: rejected by a plugin, or what it passed and how it scored. */
export type NodeVerdict = {
  node: string
  rejectedBy?: { plugin: string; reason: string }
  /** The filter plugins that let the pod pass. */
  passed: string[]
  /** Each score plugin's weighted score. */
  scores?: Record<string, number>
  total?: number
}

/**
 * A scheduling decision, recorded whole with the event that it made, so that it can be explained for ever and
 * recomputed from the log.
 */
export type Decision = {
  term: number
  /** Counts within the term; the number of a refused append is never used again. */
  number: number
  /** What the scheduler had seen. Another store assigns other positions, so the event's id stands beside it. */
  view: { position: string; eventId: string }
  policy: string
  /** Numbers of decisions of this term that were relied upon though not yet in the view. */
  assumed: number[]
  /** Every node up to 100; beyond, the chosen one, the best, and one of each reason. */
  nodes: NodeVerdict[]
  message: string
}
