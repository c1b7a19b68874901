import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import { portsNamed, speaksPortChannels } from './websocket-ports.ts'

test('the ports are those that the URL names, one by one or together', () => {
  assert.deepEqual(portsNamed('/p?ports=80&x=1&ports=443,8443'), [80, 443, 8443])
})

test('what is no port, and none at all, is refused', () => {
  const refused = (url: string) =>
    assert.throws(
      () => portsNamed(url),
      (error) => isRefusal(error, 'BadRequest'),
    )
  for (const url of ['/p', '/p?ports=', '/p?ports=0', '/p?ports=65536', '/p?ports=http'])
    refused(url)
})

test('the protocol is found among those that a client offers', () => {
  assert.ok(speaksPortChannels('v5.channel.k8s.io, v4.channel.k8s.io'))
  assert.ok(!speaksPortChannels('SPDY/3.1+portforward.k8s.io'))
  assert.ok(!speaksPortChannels(undefined))
})
