import type { StoredObject } from '@reckon/domain'
import type { Resource } from '@reckon/kubernetes'
import type { ObjectsView } from '../history/shown-objects.ts'
import type { SeenChange } from './seen-change.ts'
import { bookmarkOf, type Piece, piecesOf } from './watch-lines.ts'
import type { Watcher } from './watcher.ts'

/**
 * Every object that a watcher selects, as of this call and the view's position; `endsMarked` if a bookmark must mark
 * the end of the initial objects.
 */
export function initialPieces(
  objects: ObjectsView,
  resource: Resource,
  { watcher, endsMarked }: { watcher: Watcher; endsMarked: boolean },
): Iterable<Piece> {
  const { namespace, labels } = watcher.selection
  const existing = [...objects.scan(resource, { namespace, labels })]
  return initialPiecesOf(existing, { watcher, position: objects.position ?? 0n, endsMarked })
}

/** As `initialPieces`, for objects as they were at a position. */
export function* initialPiecesOf(
  existing: readonly StoredObject[],
  { watcher, position, endsMarked }: { watcher: Watcher; position: bigint; endsMarked: boolean },
): Generator<Piece> {
  const seen = existing
    .values()
    .filter(({ object }) => watcher.selection.matches(object))
    .map(({ object }): SeenChange => ({ type: 'ADDED', object, position }))
  yield* piecesOf(seen, watcher.representation, position)
  if (!endsMarked) return
  const annotations = { 'k8s.io/initial-events-end': 'true' }
  yield bookmarkOf(watcher.representation, { resourceVersion: String(position), annotations })
}
