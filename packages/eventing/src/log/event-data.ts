import { gunzipSync, gzipSync } from 'node:zlib'

/** Data of more bytes than this is stored compressed. */
const plainBytesMax = 64 * 1024

/**
 * How an event's data is stored, and in how many bytes: as readable JSON, or the same JSON under gzip where it is
 * large.
 */
export type StoredData =
  | { contentType: 'application/json'; size: number; json: string }
  | { contentType: 'application/octet-stream'; size: number; bytes: Buffer }

/** How to store an event's data. Above 64 KiB it is gzip of the JSON, marked as an octet stream. */
export function encodeData(data: unknown): StoredData {
  const json = JSON.stringify(data ?? null)
  const size = Buffer.byteLength(json)
  if (size <= plainBytesMax) return { contentType: 'application/json', size, json }
  const bytes = gzipSync(json)
  return { contentType: 'application/octet-stream', size: bytes.length, bytes }
}

/**
 * The data again, from bytes that were stored as an octet stream; undefined for what others stored in their own way.
 */
export function decodeCompressed(bytes: Uint8Array): unknown {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return isGzip ? JSON.parse(gunzipSync(bytes).toString()) : undefined
}
