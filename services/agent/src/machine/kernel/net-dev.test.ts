import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interfacesIn } from './net-dev.ts'

test('each interface but the loopback tells what it has received and sent', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     9       9    0    0    0     0          0         0        9       9    0    0    0     0       0          0
  eth0:   100       2    3    4    0     0          0         0      500       6    7    8    0     0       0          0
`
  assert.deepEqual(interfacesIn(text), [
    {
      name: 'eth0',
      received: { bytes: 100, packets: 2, errors: 3, dropped: 4 },
      sent: { bytes: 500, packets: 6, errors: 7, dropped: 8 },
    },
  ])
})
