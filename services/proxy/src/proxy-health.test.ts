import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyHealth, unreachedText } from './proxy-health.ts'

test('a proxy is ready once its outputs hold all; nodes that it cannot lead to are named all the same', () => {
  const status = { position: 7n, applied: 6n, failures: [], troubles: [] }
  const detail = unreachedText(['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  assert.match(detail, /to pods of a, b, c, d, e and 2 more nodes: /)
  assert.deepEqual(proxyHealth(status, []), { ready: true, position: '6', head: '7' })
  assert.deepEqual(proxyHealth(status, [detail]), { ready: true, position: '6', head: '7', detail })
  assert.equal(proxyHealth({ ...status, failures: ['pods: busy'] }, []).ready, false)
  const troubles = ['health: listen EADDRINUSE']
  assert.equal(proxyHealth({ ...status, troubles }, []).ready, true)
  assert.equal(proxyHealth({ ...status, troubles }, []).detail, troubles[0])
})
