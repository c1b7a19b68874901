import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLabelSelector } from '@reckon/kubernetes'
import { ParsedItem } from './past-item.ts'
import { within } from './within.ts'

const item = (namespace: string, name: string) =>
  new ParsedItem({
    object: {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { ...(namespace && { namespace }), name, labels: { name } },
    },
    ...{ revision: 0n, position: 1n, changes: 0 },
    ...{ last: { id: 'e', correlationId: 'c' }, intent: { id: 'e', correlationId: 'c' } },
  })

const inNamespaces = ['a x', 'a x-y', 'a y', 'a-b x', 'a.b x', 'b x'].map((key) => {
  const [namespace = '', name = ''] = key.split(' ')
  return item(namespace, name)
})
const keysOf = async (range: Parameters<typeof within>[0], items = inNamespaces) =>
  (await within(range, items, async () => {})).map(({ key }) => key)

test('a range of a list is its namespace, what comes after a key, and what has the labels', async () => {
  assert.deepEqual(await keysOf({}), ['a x', 'a x-y', 'a y', 'a-b x', 'a.b x', 'b x'])
  assert.deepEqual(await keysOf({ namespace: 'a' }), ['a x', 'a x-y', 'a y'])
  assert.deepEqual(await keysOf({ namespace: 'a-b' }), ['a-b x'])
  assert.deepEqual(await keysOf({ namespace: 'b' }), ['b x'])
  assert.deepEqual(await keysOf({ namespace: 'aa' }), [])
  assert.deepEqual(await keysOf({ namespace: 'a', after: 'a x' }), ['a x-y', 'a y'])
  assert.deepEqual(await keysOf({ namespace: 'a', after: 'a y' }), [])
  assert.deepEqual(await keysOf({ after: 'a x-z' }), ['a y', 'a-b x', 'a.b x', 'b x'])
  const labels = parseLabelSelector('name=x')
  assert.deepEqual(await keysOf({ namespace: 'a', labels }), ['a x'])
  assert.deepEqual(await keysOf({ after: 'a x', labels }), ['a-b x', 'a.b x', 'b x'])
  assert.deepEqual(await keysOf({ namespace: 'a' }, []), [])
})

test('what has no namespace is in every range without one', async () => {
  const nodes = [item('', 'n1'), item('', 'n2')]
  assert.deepEqual(await keysOf({}, nodes), [' n1', ' n2'])
  assert.deepEqual(await keysOf({ after: ' n1' }, nodes), [' n2'])
})
