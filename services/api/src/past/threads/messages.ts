import type { Range, SavedKey, StoredObject } from '@reckon/domain'
import type { CustomResourceDefinition, StatusError } from '@reckon/kubernetes'
import type { PackedItems } from './packed-items.ts'

/** What each thread opens for itself. */
export type ThreadSettings = {
  /** The connection string of the event store. */
  eventStore: string
  /** The folder in which this api's reader stores snapshots and segments. */
  dataDir: string
  /** The file with the master key for Secrets; '' leaves them encrypted. */
  masterKey: string
}

/** What to fold, and what is needed of the present for it. */
export type FoldRequest = {
  resourceId: string
  /** The definition, for a kind that is not built in. */
  definition?: CustomResourceDefinition
  /** The wrapped data keys of the encrypted objects. */
  keys: readonly SavedKey[]
  range: Range
  position: bigint
}

/** `fold` and `more` are answered once each; `end` is not answered. */
export type ToThread = { fold: FoldRequest } | 'more' | 'end'

export type FromThread =
  | { objects: readonly StoredObject[]; isEnd: boolean }
  | { items: PackedItems; isEnd: boolean }
  | { refusal: Refusal }

/** What an error is rebuilt from: only plain data passes between threads. */
export type Refusal = Pick<StatusError, 'reason' | 'message' | 'details'>
