import { fnv1a32 } from '@reckon/kubernetes'

/** 32 bits that decide between equals the same way whenever they are asked. */
export function stableHash(text: string): number {
  // FNV alone moves the last characters little; names often differ in these only.
  const hash = fnv1a32(text)
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  return (mixed ^ (mixed >>> 13)) >>> 0
}
