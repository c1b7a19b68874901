/** A recorded event by which a log is recognised: only that log has this id at this place. */
export type Witness = { position: string; stream: string; revision: string; id: string }

/** Projections as of one position. */
export type Snapshot = {
  /** The event at that position, and some before it in case the store has removed the newest. */
  witnesses: readonly Witness[]
  /** The projections' states, in the reader's order. */
  states: readonly unknown[]
}

/** Where snapshots lie. They may be thrown away at any time: views are then rebuilt from the log. */
export interface SnapshotStore {
  /** Undefined where there is none, or none that can be read. */
  load(name: string): Promise<Snapshot | undefined>
  save(name: string, snapshot: Snapshot): Promise<void>
}
