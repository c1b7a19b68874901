import type { RecordedDecision, Verdict } from '../model/placement-grid.ts'
import type { Reading } from './read.ts'

export const historyRoot = 'apis/history.reckon.dev/v1'

/** A field that is otherwise than it was. */
export type ChangedField = { field: string; from?: unknown; to?: unknown }

/** Who wrote something, and when. */
type ChangeAuthor = {
  position: string
  time: string
  user: string
  verb: string
  client?: string
}

export type RecordedChange = ChangeAuthor & {
  type: string
  effect: 'Created' | 'Changed' | 'Deleted'
  uid: string
  correlation: string
  fields: readonly ChangedField[]
}

export type BlamedField = { field: string; value: unknown; author: ChangeAuthor }

export type ObjectDifference = {
  kind: string
  resource: string
  namespace?: string
  name: string
  what: 'Created' | 'Deleted' | 'Changed' | 'Replaced'
  fields: readonly ChangedField[]
  authors: readonly { user: string }[]
}

export type DiffAnswer = {
  from: { position: string; time: string }
  to: { position: string; time: string }
  count: number
  objects: readonly ObjectDifference[]
}

export type WhyAnswer = {
  state: string
  nodeName?: string
  decisions: readonly RecordedDecision[]
  advice?: { message?: string }
  all?: { nodes: readonly Verdict[]; isProven: boolean; doubt?: string }
}

/** Where a pod goes, and what each node's verdict is. */
export type SupposedPlacement = {
  nodeName?: string
  message: string
  nodes: readonly Verdict[]
}

export type SupposedChange = { before: SupposedPlacement; after: SupposedPlacement }

/** The event that made something so. */
export type EventReference = { type: string; position: string; time: string; user: string }

export type RouteAnswer = {
  outcome: 'NoSuchHost' | 'NoSuchPath' | 'Routed'
  rule?: {
    host: string
    match: string
    path: string
    /** `namespace/name`. */
    ingress: string
    /** What the edge answers by itself. */
    answer?: string
    event?: EventReference
  }
  backends: readonly RouteBackend[]
  others: readonly {
    host: string
    match: string
    path: string
    ingress: string
    why: 'HostIsWider' | 'PrefixAfterExact' | 'PathIsShorter' | 'IngressIsYounger'
  }[]
}

type RouteBackend = {
  service: string
  port: number | string
  percent: number
  externalName?: string
  endpoints: readonly { address: string; port: number; node?: string }[]
  slices: readonly EventReference[]
  event?: EventReference
}

/** What an undo would do to one object, or did. */
export type ObjectUndo = {
  action: 'Create' | 'Update' | 'Delete' | 'None'
  apiVersion: string
  kind: string
  resource: string
  namespace?: string
  name: string
  changes: readonly ChangedField[]
  /** What collides with later changes. */
  conflicts: readonly { field: string; before?: unknown; now?: unknown }[]
  /** Of one that was carried out. */
  outcome?: 'Applied' | 'Already' | 'Failed' | 'Unknown'
  message?: string
}

export type UndoAnswer = {
  upTo: string
  undos: readonly ObjectUndo[]
  /** What cannot come back. */
  lost: readonly { stream: string; why: string }[]
}

export type PositionAnswer = { position: string; time: string; first?: { time: string } }

/** An object by the name of its resource, as links have it. */
export type ObjectName = { resource: string; namespace: string; name: string }

/** Where the history's ends about one object are. */
export function historyOf({ resource, namespace, name }: ObjectName, end: string): string {
  const where = namespace === '' ? '' : `namespaces/${encodeURIComponent(namespace)}/`
  return `${historyRoot}/${where}${resource}/${encodeURIComponent(name)}/${end}`
}

/** Which position of the log a position, a time or a duration before now is. */
export const readPosition = (
  reading: Reading,
  at: string,
  signal: AbortSignal,
): Promise<PositionAnswer> =>
  reading.json(`${historyRoot}/position?at=${encodeURIComponent(at)}`, { signal })
