import type { Range, SavedKey, StoredObject } from '@reckon/domain'
import type { CustomResourceDefinition, StatusError } from '@reckon/kubernetes'

/** What a thread opens for itself. */
export type ThreadSettings = {
  /** The connection string of the event store. */
  eventStore: string
  /** The folder in which the reader of this api keeps what it has read. */
  dataDir: string
  /** The file with the key under which Secrets are encrypted; '': they stay closed. */
  masterKey: string
}

/** What to fold, and what of the present is needed for it. */
export type FoldRequest = {
  resourceId: string
  /** For a kind that is none of those that every cluster has. */
  definition?: CustomResourceDefinition
  /** The keys to what is encrypted of it, wrapped. */
  keys: readonly SavedKey[]
  range: Range
  position: bigint
}

/** `more` and a fold are answered once each, the end is not. */
export type ToThread = { fold: FoldRequest } | 'more' | 'end'

export type FromThread = { objects: readonly StoredObject[]; isEnd: boolean } | { refusal: Refusal }

/** What makes the error again: only plain things go from thread to thread. */
export type Refusal = Pick<StatusError, 'reason' | 'message' | 'details'>
