import { SavedItem } from '../past-item.ts'

/** Items in a form that passes between threads: bytes, which are transferred, and where in them the items are. */
export type PackedItems = {
  pieces: readonly Uint8Array<ArrayBuffer>[]
  /** Of each item five numbers: its piece, then its place in that. */
  places: Uint32Array<ArrayBuffer>
}

const numbers = 5

/** So many are unpacked before others have their turn. */
const itemsAtOnce = 500

/**
 * Bytes are transferred if at least this part of them is used, and of others the records are copied: a list that is
 * cached keeps all bytes of its pieces.
 */
const usedMin = 0.9
/** Fewer bytes are copied rather than transferred. */
const transferredBytesMin = 32 * 1024

/** The items must not be used afterwards: their bytes are gone. */
export function packed(items: readonly SavedItem[]): PackedItems {
  const pieces = wellUsed(items)
  const copied = { number: pieces.length, bytes: copyOf(items, new Set(pieces)), length: 0 }
  const pieceOf = new Map<Buffer, number>(pieces.map((bytes, number) => [bytes, number]))
  const places = new Uint32Array(numbers * items.length)
  for (const [index, { place }] of items.entries()) {
    const piece = pieceOf.get(place.bytes) ?? copied.number
    const moved = piece === copied.number ? copied.length - place.begin : 0
    if (piece === copied.number) copied.length += place.end - place.begin
    const at = numbers * index
    places[at] = piece
    places[at + 1] = place.begin + moved
    places[at + 2] = place.objectBegin + moved
    places[at + 3] = place.objectEnd + moved
    places[at + 4] = place.end + moved
  }
  return { pieces: [...pieces, copied.bytes], places }
}

/** What has to be transferred with them. */
export const buffersOf = ({ pieces, places }: PackedItems): ArrayBuffer[] => [
  places.buffer,
  ...pieces.map(({ buffer }) => buffer),
]

/** The items in their order, some at a time. */
export function* unpacked({ pieces, places }: PackedItems): Generator<SavedItem[]> {
  const all = pieces.map(({ buffer }) => Buffer.from(buffer))
  const count = places.length / numbers
  for (let from = 0; from < count; from += itemsAtOnce) {
    const length = Math.min(itemsAtOnce, count - from)
    yield Array.from({ length }, (_, index) => itemAt(places, from + index, all))
  }
}

function itemAt(
  places: Uint32Array,
  index: number,
  pieces: readonly Buffer<ArrayBuffer>[],
): SavedItem {
  const numberAt = (nth: number) => places[numbers * index + nth] ?? 0
  return new SavedItem({
    bytes: pieces[numberAt(0)] ?? Buffer.alloc(0),
    begin: numberAt(1),
    objectBegin: numberAt(2),
    objectEnd: numberAt(3),
    end: numberAt(4),
  })
}

/** Those bytes that are wholly theirs, and mostly used by the items. */
function wellUsed(items: readonly SavedItem[]): Buffer<ArrayBuffer>[] {
  const used = new Map<Buffer<ArrayBuffer>, number>()
  for (const { place, bytes } of items) used.set(place.bytes, (used.get(place.bytes) ?? 0) + bytes)
  return Array.from(used).flatMap(([bytes, count]) => {
    const isWhole = bytes.length === bytes.buffer.byteLength
    return isWhole && count >= transferredBytesMin && count >= usedMin * bytes.length ? [bytes] : []
  })
}

/** The records that are not in these bytes, one after the other. */
function copyOf(
  items: readonly SavedItem[],
  transferred: ReadonlySet<Buffer>,
): Buffer<ArrayBuffer> {
  const rest = items.filter(({ place }) => !transferred.has(place.bytes))
  const copied = Buffer.allocUnsafeSlow(rest.reduce((sum, { bytes }) => sum + bytes, 0))
  let length = 0
  for (const { place } of rest) length += place.bytes.copy(copied, length, place.begin, place.end)
  return copied
}
