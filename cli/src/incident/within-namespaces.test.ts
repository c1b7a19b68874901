import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWithin, type Located } from './within-namespaces.ts'

const shop = new Set(['shop'])
const all: readonly Located[] = [
  { stream: 'pods-shop/web' },
  { stream: 'namespaces-/shop' },
  { stream: 'nodes-/node-1' },
  { stream: 'podcidrs-10.244.1.0/24' },
  { stream: 'terms-scheduler' },
  { stream: 'notes-1', data: { involvedObject: { namespace: 'shop' } } },
  { stream: 'notes-2', data: { involvedObject: {} } },
  { stream: 'clusterips-10.96.0.9', data: { stream: 'services-shop/web' } },
]
const others: readonly Located[] = [
  { stream: 'pods-bank/web' },
  { stream: 'crontabs.stable.example.com-bank/tab' },
  { stream: 'namespaces-/bank' },
  { stream: 'notes-3', data: { involvedObject: { namespace: 'bank' } } },
  { stream: 'clusterips-10.96.0.7', data: { stream: 'services-bank/web' } },
]

test('of some namespaces what is in them is told, and what is in none', () => {
  assert.deepEqual(
    [...all, ...others].filter((event) => isWithin(shop, event)),
    all,
  )
})
