import { SavedItem } from '../past-item.ts'

/** Some items, so that they go from thread to thread without being copied: their texts one after the other. */
export type PackedItems = {
  keys: readonly string[]
  /** Where each text ends, and where the object in it does. */
  ends: Uint32Array
  objectEnds: Uint32Array
  bytes: Uint8Array<ArrayBuffer>
}

export function packed(items: readonly SavedItem[]): PackedItems {
  const [ends, objectEnds] = [new Uint32Array(items.length), new Uint32Array(items.length)]
  const all = Buffer.allocUnsafeSlow(items.reduce((sum, { bytes }) => sum + bytes, 0))
  let length = 0
  for (const [index, { place }] of items.entries()) {
    const { bytes, begin, objectEnd, end } = place
    bytes.copy(all, length, begin, end)
    objectEnds[index] = length + objectEnd - begin
    length += end - begin
    ends[index] = length
  }
  return { keys: items.map(({ key }) => key), ends, objectEnds, bytes: all }
}

export function unpacked({ keys, ends, objectEnds, bytes }: PackedItems): SavedItem[] {
  const all = Buffer.from(bytes.buffer)
  return keys.map((key, index) => {
    const [begin, end] = [ends[index - 1] ?? 0, ends[index] ?? 0]
    return new SavedItem(key, { bytes: all, begin, objectEnd: objectEnds[index] ?? 0, end })
  })
}
