import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type StoredObject, savedText } from '@reckon/domain'
import { SavedItem } from '../past-item.ts'
import { buffersOf, packed, unpacked } from './packed-items.ts'

const textOf = (name: string, bytes: number): string => {
  const cause = { id: 'e', correlationId: 'c' }
  const stored: StoredObject = {
    object: {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      ...{ metadata: { namespace: 'shop', name }, data: { k: 'ä'.repeat(bytes / 2) } },
    },
    ...{ revision: 0n, position: 1n, changes: 0, last: cause, intent: cause },
  }
  return savedText(`configmaps-shop/${name}`, stored)
}

/** Items of these names whose records are among the bytes of one piece. */
function piece(names: readonly string[], bytesOfEach: number): SavedItem[] {
  const texts = names.map((name) => Buffer.from(textOf(name, bytesOfEach)))
  const bytes = Buffer.allocUnsafeSlow(texts.reduce((sum, text) => sum + text.length, 0))
  let length = 0
  return texts.map((text) => {
    const begin = length
    length += text.copy(bytes, begin)
    return SavedItem.in(bytes, begin, length)
  })
}

const tellingOf = (items: readonly SavedItem[]) =>
  items.map((each) => [each.key, each.json.toString(), each.stored().revision])

test('items pass between threads as they are: those of large pieces without a copy', async () => {
  const [a, b, c, d] = piece(['a', 'b"c', 'c\\', 'd",'], 40_000)
  const [e] = piece(['e'], 40_000)
  const small = SavedItem.in(Buffer.from(textOf('small', 10)))
  assert.ok(a && b && c && d && e)
  const [f] = piece(['f', 'g', 'h'], 40_000)
  assert.ok(f)
  const items = [a, small, c, b, e, d, f]
  const wanted = tellingOf(items)
  const sent = packed(items)
  const received = structuredClone(sent, { transfer: buffersOf(sent) })
  assert.deepEqual(tellingOf(Iterator.from(unpacked(received)).toArray().flat()), wanted)
  assert.equal(sent.pieces.length, 3)
  assert.equal(a.place.bytes.length, 0, 'it was not copied')
  assert.ok(f.place.bytes.length > 0, 'it was copied')
})

test('no item is none', () => {
  assert.deepEqual(
    Iterator.from(unpacked(packed([])))
      .toArray()
      .flat(),
    [],
  )
})
