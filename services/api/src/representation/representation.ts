import type { KubernetesObject } from '@reckon/kubernetes'

/** What stands beside the items of a list. */
export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number }

/** What a bookmark carries. */
export type BookmarkMeta = { resourceVersion: string; annotations?: Record<string, string> }

/** How a client wants objects to be shown, as bytes of JSON: whole, as rows for people, or their metadata alone. */
export type Representation = {
  /** Where it is the same, so are the bytes. */
  readonly id: string
  /** An object by itself. */
  object(object: KubernetesObject): Buffer
  /** An object among the items of a list. */
  item(object: KubernetesObject): Buffer
  /** What comes before the items of a list, and after them; between them are commas. */
  list(meta: ListMeta): { before: Buffer; after: Buffer }
  /** An object that only carries a version, and perhaps annotations. */
  bookmark(metadata: BookmarkMeta): Buffer
  /** How an object is shown that is true for a moment only; absent where nothing is shown that passes. */
  readonly momentary?: Pick<Representation, 'object' | 'item'>
  /** How a watch goes on after its first event, where otherwise: the columns of a table are told once. */
  readonly next?: Representation
}

/** What a watch needs of it. */
export type WatchRepresentation = Pick<Representation, 'id' | 'object' | 'bookmark'> & {
  readonly next?: WatchRepresentation
}
