/** The cost of one kind of request, in numbers: a table shows them, a comparison divides them. */
export type Figure = {
  what: string
  perSecond: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Microseconds of CPU per request, by server process. */
  serverMicros: Record<string, number>
  /** The same for the client's process. */
  loadMicros: number
  /** Further remarks: the size of an answer, what was lost. */
  note?: string
}

/** All measurements of one API, and the memory of its processes afterwards. */
export type ApiFigures = { figures: Figure[]; memoryMiB: Record<string, number> }

/** Of all processes together. */
export const total = (byProcess: Record<string, number>): number =>
  Object.values(byProcess).reduce((sum, each) => sum + each, 0)
