import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUris } from './debian-packages.ts'

test('of what apt-get prints, only the lines that name a package count', () => {
  const output = [
    'Reading package lists...',
    "'http://mirror/pool/r/redis-server_7.0.15-1_amd64.deb' redis-server_5%3a7.0.15-1_amd64.deb 73908 MD5Sum:f00",
    'The following NEW packages will be installed:',
  ].join('\n')
  assert.deepEqual(parseUris(output), [
    {
      name: 'redis-server',
      version: '5:7.0.15-1',
      file: 'redis-server_5%3a7.0.15-1_amd64.deb',
      bytes: 73908,
    },
  ])
})
