/** What determines the order of waiting pods. */
export type QueuedPod = {
  readonly priority: number
  /** The number that the pod got when it began to wait. */
  readonly arrival: number
}

/** A plugin that says which of two waiting pods comes first. */
export type QueueSortPlugin = {
  readonly name: string
  compare(a: QueuedPod, b: QueuedPod): number
}

/** The pod with the higher priority first; of equal ones the one that has waited longer. */
export const prioritySort: QueueSortPlugin = {
  name: 'PrioritySort',
  compare: (a, b) => b.priority - a.priority || a.arrival - b.arrival,
}
