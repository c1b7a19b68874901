/** Says in one line what begins now. */
export type ProgressReporter = (line: string) => void

/** What could not be installed: what it is, why not, and what its user can do. */
export type Failure = { what: string; why: string }
