// Kubernetes' alphabet for generated names: nothing that looks like something else, no vowels.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const suffixLength = 5
const nameLengthMax = 63

/**
 * `<prefix>-<5 characters>`, the characters following from the seed alone: whoever derives a name from the same owner and
 * slot comes to the same one.
 */
export function derivedName(prefix: string, seed: string): string {
  let hash = hashOf(seed)
  let suffix = ''
  for (let index = 0; index < suffixLength; index += 1) {
    suffix += alphabet[Number(hash % BigInt(alphabet.length))]
    hash /= BigInt(alphabet.length)
  }
  return `${prefix.slice(0, nameLengthMax - suffixLength - 1)}-${suffix}`
}

/** FNV-1a, 64 bits, its halves mixed, for the last characters of the seed must move every character of the name. */
function hashOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  hash = BigInt.asUintN(64, (hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn)
  return hash ^ (hash >> 33n)
}
