/** What one kind of request cost, as numbers: a table shows them, a comparison divides them. */
export type Figure = {
  what: string
  perSecond: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Microseconds of CPU for each of them, by process of the server. */
  serverMicros: Record<string, number>
  /** The same of the process that asks. */
  loadMicros: number
  /** What else there is to say: the size of an answer, what was lost. */
  note?: string
}

/** All that one API was asked, and what memory its processes then had. */
export type ApiFigures = { figures: Figure[]; memoryMiB: Record<string, number> }

/** Of all processes together. */
export const total = (byProcess: Record<string, number>): number =>
  Object.values(byProcess).reduce((sum, each) => sum + each, 0)
