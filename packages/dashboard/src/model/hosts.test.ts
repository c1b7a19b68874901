import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostsIn } from './hosts.ts'

test('hosts are those that Ingresses name, each once', () => {
  const columns = ['Name', 'Hosts'].map((name) => ({ name, priority: 0, description: '' }))
  const rows = ['b.test,a.test', '*', 'a.test,*.c.test'].map((hosts, index) => ({
    ...{ uid: String(index), version: '1', namespace: '', name: 'i', created: '' },
    ...{ labels: {}, owners: [], cells: ['i', hosts] },
  }))
  assert.deepEqual(hostsIn({ columns, rows }), ['*.c.test', 'a.test', 'b.test'])
})
