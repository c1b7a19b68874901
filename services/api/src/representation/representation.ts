import type { KubernetesObject } from '@reckon/kubernetes'

/** The metadata of a list. */
export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number }

/** The metadata of a bookmark. */
export type BookmarkMeta = { resourceVersion: string; annotations?: Record<string, string> }

/** How a client wants objects represented, as bytes of JSON: whole, as table rows, or metadata only. */
export type Representation = {
  /** Representations with the same id produce the same bytes. */
  readonly id: string
  /** An object by itself. */
  object(object: KubernetesObject): Buffer
  /** An object among the items of a list. */
  item(object: KubernetesObject): Buffer
  /** Whether the representation of an object with this JSON is that very JSON. */
  isShownAs?(json: Buffer): boolean
  /** What comes before the items of a list and after them; items are separated by commas. */
  list(meta: ListMeta): { before: Buffer; after: Buffer }
  /** A bookmark: an object that carries only a version, and perhaps annotations. */
  bookmark(metadata: BookmarkMeta): Buffer
  /** The representation for short-lived objects; absent where none is needed. */
  readonly momentary?: Pick<Representation, 'object' | 'item'>
  /** The representation after a watch's first event, where it differs: a table's columns are sent once. */
  readonly next?: Representation
}

/** The part of a representation that a watch needs. */
export type WatchRepresentation = Pick<Representation, 'id' | 'object' | 'bookmark'> & {
  readonly next?: WatchRepresentation
}
