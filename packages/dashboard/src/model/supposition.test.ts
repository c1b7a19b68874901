import assert from 'node:assert/strict'
import { test } from 'node:test'
import { suppositionOf } from './supposition.ts'

test('an address supposes what it names, and nothing else', () => {
  assert.deepEqual(suppositionOf({ at: '7' }), {})
  assert.deepEqual(
    suppositionOf({ cpu: '2', without: 'a,b', selector: 'disk=ssd, zone=x', another: 'c' }),
    {
      requests: { cpu: '2' },
      nodeSelector: { disk: 'ssd', zone: 'x' },
      without: ['a', 'b'],
      another: 'c',
    },
  )
})
