/** Everything random as a port, so that a seed decides it in the simulation. */
export interface Ids {
  /** A UUID, for events and objects. */
  next(): string
  /** A whole number from 0 to limit − 1, for suffixes of names and free addresses. */
  below(limit: number): number
}
