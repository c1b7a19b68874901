import { SavedItem } from '../past-item.ts'

/** Some items, so that they go from thread to thread without being copied: their texts one after the other. */
export type PackedItems = {
  keys: readonly string[]
  ends: Uint32Array
  bytes: Uint8Array<ArrayBuffer>
}

export function packed(items: readonly SavedItem[]): PackedItems {
  const ends = new Uint32Array(items.length)
  let length = 0
  for (const [index, { saved }] of items.entries()) {
    length += saved.length
    ends[index] = length
  }
  const bytes = new Uint8Array(length)
  for (const [index, { saved }] of items.entries()) bytes.set(saved, ends[index - 1] ?? 0)
  return { keys: items.map(({ key }) => key), ends, bytes }
}

export function unpacked({ keys, ends, bytes }: PackedItems): SavedItem[] {
  const all = Buffer.from(bytes.buffer)
  return keys.map(
    (key, index) => new SavedItem(key, all.subarray(ends[index - 1] ?? 0, ends[index])),
  )
}
