/** Everything random as a port, so that a seed decides it in simulation. */
export interface Ids {
  /** A UUID: ids of events and objects. */
  next(): string
  /** A whole number from 0 to limit - 1: suffixes of names, free addresses. */
  below(limit: number): number
}
