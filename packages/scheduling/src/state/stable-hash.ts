import { fnv1a32 } from '@reckon/kubernetes'

/** 32 bits by which ties are broken in the same way at any time. */
export function stableHash(text: string): number {
  // FNV alone mixes the last characters little, and names often differ only in these.
  const hash = fnv1a32(text)
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  return (mixed ^ (mixed >>> 13)) >>> 0
}
