/** A node of another machine, and its public key in NATS' form. */
export type JoinedNode = { node: string; key: string }

/** A port that grants nodes of other machines access to the wire. */
export interface WireAccess {
  /** Grants access to exactly these nodes. */
  replace(nodes: readonly JoinedNode[]): Promise<void>
}
