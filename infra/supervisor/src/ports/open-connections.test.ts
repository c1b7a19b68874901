import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countConnections } from './open-connections.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:46A8 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 4242
   1: 0100007F:46A8 0100007F:9C40 01 00000000:0000002A 00:00000000 00000000     0        0 0
   2: 0100007F:46A8 0100007F:9C41 03 00000000:00000000 01:00000000 00000000     0        0 0
   3: 0100007F:9C40 0100007F:46A8 01 00000000:00000000 00:00000000 00000000     0        0 4343
   4: 0100007F:46A8 0100007F:9C42 06 00000000:00000000 00:00000000 00000000     0        0 0
`

test('connections to a port are those that begin or have begun there, not who listens, nor those from that port or closed ones', () => {
  assert.equal(countConnections(table, [0x46a8]), 2)
  assert.equal(countConnections(table, [0x46a9]), 0)
})
