/** What the order of waiting pods goes by. */
export type QueuedPod = {
  readonly priority: number
  /** Counts the pods that came to wait. */
  readonly arrival: number
}

/** A plugin that says which of two waiting pods comes first. */
export type QueueSortPlugin = {
  readonly name: string
  compare(a: QueuedPod, b: QueuedPod): number
}

/** The more important pod first, of equals the one that waits longer. */
export const prioritySort: QueueSortPlugin = {
  name: 'PrioritySort',
  compare: (a, b) => b.priority - a.priority || a.arrival - b.arrival,
}
