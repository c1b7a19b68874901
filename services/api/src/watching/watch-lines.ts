import type { BookmarkMeta, WatchRepresentation } from '../representation/representation.ts'
import type { SeenChange } from './seen-change.ts'

/** A piece is at most so long, or one event: what a client that stops reading keeps in memory. */
const pieceBytesMax = 256 * 1024

/** Some lines of a watch. */
export type Piece = {
  bytes: Buffer
  /** Nothing up to this position is still to come. */
  upTo: bigint
  /** How the watch goes on. */
  next: WatchRepresentation
}

const openings = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
  BOOKMARK: Buffer.from('{"type":"BOOKMARK","object":'),
  ERROR: Buffer.from('{"type":"ERROR","object":'),
}
const closing = Buffer.from('}\n')

/** One event of a watch as it is sent. */
export const lineOf = (type: keyof typeof openings, object: Buffer): Buffer =>
  Buffer.concat([openings[type], object, closing])

/** What tells that nothing up to this position is still to come. */
export function bookmarkOf(representation: WatchRepresentation, metadata: BookmarkMeta): Piece {
  const bytes = lineOf('BOOKMARK', representation.bookmark(metadata))
  const next = representation.next ?? representation
  return { bytes, upTo: BigInt(metadata.resourceVersion), next }
}

/** The lines of these changes, in pieces; after the last one nothing up to `upTo` is missing. */
export function* piecesOf(
  changes: Iterable<SeenChange>,
  representation: WatchRepresentation,
  upTo: bigint,
): Generator<Piece> {
  let next = representation
  let parts: Buffer[] = []
  let bytes = 0
  let reached: bigint | undefined
  for (const { type, object, position } of changes) {
    const shown = next.object(object)
    if (reached !== undefined && bytes + shown.length > pieceBytesMax) {
      // Where one event changed both, who goes on from here hears it again rather than half of it.
      const upTo = position > reached ? reached : position - 1n
      yield { bytes: Buffer.concat(parts), upTo, next }
      parts = []
      bytes = 0
    }
    parts.push(openings[type], shown, closing)
    bytes += shown.length
    reached = position
    next = next.next ?? next
  }
  if (reached !== undefined) yield { bytes: Buffer.concat(parts), upTo, next }
}
