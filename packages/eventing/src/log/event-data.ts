import { gunzipSync, gzipSync } from 'node:zlib'

/** Larger data is stored compressed. */
const plainBytesMax = 64 * 1024

/** An event's data as stored, and its size in bytes: readable JSON, or gzip of the JSON where that is large. */
export type StoredData =
  | { contentType: 'application/json'; size: number; json: string }
  | { contentType: 'application/octet-stream'; size: number; bytes: Buffer }

/** Encodes an event's data. Above 64 KiB it is gzip of the JSON, marked as an octet stream. */
export function encodeData(data: unknown): StoredData {
  const json = JSON.stringify(data ?? null)
  const size = Buffer.byteLength(json)
  if (size <= plainBytesMax) return { contentType: 'application/json', size, json }
  const bytes = gzipSync(json)
  return { contentType: 'application/octet-stream', size: bytes.length, bytes }
}

/** Decodes data that was stored as an octet stream; undefined where it is not ours. */
export function decodeCompressed(bytes: Uint8Array): unknown {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  return isGzip ? JSON.parse(gunzipSync(bytes).toString()) : undefined
}
