// Signed like the values that follow: mixing representations would be slow.
const offset32 = 0x811c9dc5 | 0
const prime32 = 0x01000193
const prime64 = 0x100000001b3n

/** FNV-1a of the text's UTF-8, 32 bits. */
export function fnv1a32(text: string): number {
  let hash = offset32
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // Only for ASCII is each character its own UTF-8 byte; names usually are ASCII.
    if (unit > 0x7f) return ofBytes(new TextEncoder().encode(text))
    hash = Math.imul(hash ^ unit, prime32)
  }
  return hash >>> 0
}

function ofBytes(bytes: Uint8Array): number {
  let hash = offset32
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime32)
  return hash >>> 0
}

/** FNV-1a of the text's UTF-8, 64 bits. */
export function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime64)
  }
  return hash
}
