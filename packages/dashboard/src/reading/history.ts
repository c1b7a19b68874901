import type { ToldDecision, Verdict } from '../model/placement-grid.ts'
import type { Reading } from './read.ts'

export const historyRoot = 'apis/history.reckon.dev/v1'

/** A field that is otherwise than it was. */
export type ToldField = { field: string; from?: unknown; to?: unknown }

/** Who wrote something, and when. */
type ToldAuthor = {
  position: string
  time: string
  user: string
  verb: string
  client?: string
}

export type ToldChange = ToldAuthor & {
  type: string
  effect: 'Created' | 'Changed' | 'Deleted'
  uid: string
  correlation: string
  fields: readonly ToldField[]
}

export type ToldBlame = { field: string; value: unknown; author: ToldAuthor }

export type ToldDifference = {
  kind: string
  resource: string
  namespace?: string
  name: string
  what: 'Created' | 'Deleted' | 'Changed' | 'Replaced'
  fields: readonly ToldField[]
  authors: readonly { user: string }[]
}

export type ToldDiff = {
  from: { position: string; time: string }
  to: { position: string; time: string }
  count: number
  objects: readonly ToldDifference[]
}

export type ToldWhy = {
  state: string
  nodeName?: string
  decisions: readonly ToldDecision[]
  advice?: { message?: string }
  all?: { nodes: readonly Verdict[]; isProven: boolean; doubt?: string }
}

/** Where a pod goes, and what each node's verdict is. */
export type ToldSupposedPlacement = {
  nodeName?: string
  message: string
  nodes: readonly Verdict[]
}

export type ToldSupposed = { before: ToldSupposedPlacement; after: ToldSupposedPlacement }

/** The event that made something so. */
export type ToldEvent = { type: string; position: string; time: string; user: string }

export type ToldRoute = {
  outcome: 'NoSuchHost' | 'NoSuchPath' | 'Routed'
  rule?: {
    host: string
    match: string
    path: string
    /** `namespace/name`. */
    ingress: string
    /** What the edge answers by itself. */
    answer?: string
    event?: ToldEvent
  }
  backends: readonly ToldBackend[]
  others: readonly {
    host: string
    match: string
    path: string
    ingress: string
    why: 'HostIsWider' | 'PrefixAfterExact' | 'PathIsShorter' | 'IngressIsYounger'
  }[]
}

type ToldBackend = {
  service: string
  port: number | string
  percent: number
  externalName?: string
  endpoints: readonly { address: string; port: number; node?: string }[]
  slices: readonly ToldEvent[]
  event?: ToldEvent
}

/** What an undo would do to one object, or did. */
export type ToldUndo = {
  action: 'Create' | 'Update' | 'Delete' | 'None'
  apiVersion: string
  kind: string
  resource: string
  namespace?: string
  name: string
  changes: readonly ToldField[]
  /** What collides with later changes. */
  conflicts: readonly { field: string; before?: unknown; now?: unknown }[]
  /** Of one that was carried out. */
  outcome?: 'Applied' | 'Already' | 'Failed' | 'Unknown'
  message?: string
}

export type ToldUndos = {
  upTo: string
  undos: readonly ToldUndo[]
  /** What cannot come back. */
  lost: readonly { stream: string; why: string }[]
}

export type ToldPosition = { position: string; time: string; first?: { time: string } }

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
): Promise<ToldPosition> =>
  reading.json(`${historyRoot}/position?at=${encodeURIComponent(at)}`, { signal })
