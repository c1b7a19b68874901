import type { BookmarkMeta, WatchRepresentation } from '../representation/representation.ts'
import type { SeenChange } from './seen-change.ts'

/**
 * The maximum size of a piece, unless a single event is longer: a client that stops reading keeps this much in memory.
 */
const pieceBytesMax = 256 * 1024

/** Some lines of a watch. */
export type Piece = {
  bytes: Buffer
  /** After this piece, everything up to this position has been sent. */
  upTo: bigint
  /** The representation for what follows. */
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

/** One watch event as a line. */
export const lineOf = (type: keyof typeof openings, object: Buffer): Buffer =>
  Buffer.concat([openings[type], object, closing])

/** A bookmark: everything up to its version has been sent. */
export function bookmarkOf(representation: WatchRepresentation, metadata: BookmarkMeta): Piece {
  const bytes = lineOf('BOOKMARK', representation.bookmark(metadata))
  const next = representation.next ?? representation
  return { bytes, upTo: BigInt(metadata.resourceVersion), next }
}

/** The lines of these changes, in pieces; the last one completes everything up to `upTo`. */
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
      // If one log event changed several objects, a watch resumed in between repeats all of them
      // rather than miss some.
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
