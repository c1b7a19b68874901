import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { isOwnPeer, userIn } from './peer-user.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:1F41 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 0100007F:D431 0100007F:1F41 01 00000000:00000000 00:00000000 00000000  1001        0 3 1
`

test('the other end of a connection is told by its user', () => {
  assert.equal(userIn(table, { localPort: 0x1f41, remotePort: 0xd431 }), 1001)
  assert.equal(userIn(table, { localPort: 0x1f41, remotePort: 1 }), undefined)
  assert.equal(userIn('', { localPort: 1, remotePort: 1 }), undefined)
})

test('who connects as oneself is oneself', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const accepted = once(server, 'connection')
  const client = connect(address.port, '127.0.0.1')
  t.after(() => client.destroy())
  const [socket] = await accepted
  assert.ok(await isOwnPeer(socket))
})
