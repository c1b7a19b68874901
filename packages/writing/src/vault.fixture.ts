import assert from 'node:assert/strict'
import type { Vault } from '@reckon/eventing'

/** A vault that gives out numbers in place of what it keeps, so that nothing sealed can be read without it. */
export function memoryVault(masterKeyId = 'master'): Vault {
  const kept: { key: Uint8Array; text: string; place: string }[] = []
  const keys: { key: Uint8Array; place: string }[] = []
  return {
    masterKeyId,
    wrap(place) {
      const key = Uint8Array.of(keys.length)
      keys.push({ key, place })
      return { key, wrapped: { wrapped: `wrapped-${keys.length - 1}`, masterKeyId } }
    },
    unwrap({ wrapped, masterKeyId: by }, place) {
      if (by !== masterKeyId) return undefined
      const found = keys[Number(wrapped.slice('wrapped-'.length))]
      assert.equal(found?.place, place)
      return found.key
    },
    seal(key, text, place) {
      kept.push({ key, text, place })
      return { iv: '', data: `${kept.length - 1}`, tag: '' }
    },
    open(key, { data }, place) {
      const found = kept[Number(data)]
      assert.deepEqual([found?.key, found?.place], [key, place])
      return found?.text ?? ''
    },
  }
}
