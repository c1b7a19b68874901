/** A node of another machine, and the key by which the wire knows it (as NATS names it). */
export type JoinedNode = { node: string; key: string }

/** Lets nodes of other machines onto the wire, as a port. */
export interface WireAccess {
  /** These and no others. */
  replace(nodes: readonly JoinedNode[]): Promise<void>
}
