import { gunzipSync, gzipSync } from 'node:zlib'

/** Data of more bytes than this is stored compressed. */
const plainBytesMax = 64 * 1024

/** How an event's data is stored: readable JSON, or the same JSON under gzip where it is large. */
export type StoredData = {
  contentType: 'application/json' | 'application/octet-stream'
  bytes: Buffer
}

/** The bytes to store for an event's data. Above 64 KiB they are gzip of the JSON, marked as an octet stream. */
export function encodeData(data: unknown): StoredData {
  const bytes = Buffer.from(JSON.stringify(data ?? null))
  return bytes.length > plainBytesMax
    ? { contentType: 'application/octet-stream', bytes: gzipSync(bytes) }
    : { contentType: 'application/json', bytes }
}

/** The data again, from bytes that were stored as an octet stream. */
export const decodeCompressed = (bytes: Uint8Array): unknown =>
  JSON.parse(gunzipSync(bytes).toString())
