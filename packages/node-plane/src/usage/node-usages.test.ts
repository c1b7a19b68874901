import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MalformedMessages, silent } from '@reckon/eventing/bus'
import { nodeUsage } from '../node-subjects.ts'
import { type NodeUsage, parseNodeUsage, usageWindowMsMax } from './node-usage.ts'
import { NodeUsages } from './node-usages.ts'

const usage = { cpuNanocores: 5, memoryBytes: 7 }
const told: NodeUsage = {
  node: { ...usage, windowMs: 15_000 },
  pods: [{ uid: 'u', windowMs: 2_000, containers: [{ name: 'c', ...usage }] }],
}
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

function heard(value: unknown, subject = nodeUsage('a.b')) {
  const malformed = new MalformedMessages(silent)
  const usages = new NodeUsages(malformed)
  usages.hear({ subject, data: encode(value) }, 1_000)
  return { usages, malformed }
}

test('what a node tells is what is read of it', () => {
  assert.deepEqual(parseNodeUsage(encode(told)), told)
  const { usages } = heard(told)
  const read = usages.of('a.b', 2_000)
  assert.deepEqual(
    [read?.heardAtMs, read?.node, read?.pods.get('u')],
    [1_000, told.node, told.pods[0]],
  )
  assert.equal(usages.of('b', 2_000), undefined)
})

test('a node that has fallen silent uses nobody knows what', () => {
  const { usages } = heard(told)
  assert.ok(usages.of('a.b', 61_000))
  assert.equal(usages.of('a.b', 61_001), undefined)
})

test('who has fallen silent is forgotten when another tells, asked for or not', () => {
  const { usages } = heard(told)
  const tell = (node: string, nowMs: number) =>
    usages.hear({ subject: nodeUsage(node), data: encode(told) }, nowMs)
  tell('b', 2_000)
  tell('a.b', 50_000)
  assert.equal(usages.size, 2)
  tell('c', 62_001)
  assert.deepEqual([usages.size, usages.of('b', 62_001)], [2, undefined])
})

test('what makes no sense, or is overlong, is noted and shown to nobody', () => {
  const senseless = [
    ...[null, 7, [], {}, { pods: 7 }, { pods: [{}] }, { ...told, node: { ...usage, windowMs: 0 } }],
    { ...told, node: { ...usage, cpuNanocores: -1, windowMs: 1 } },
    { ...told, node: { ...usage, windowMs: usageWindowMsMax + 1 } },
    { pods: [{ uid: 'u', windowMs: Number.MAX_SAFE_INTEGER, containers: [] }] },
    { pods: [{ uid: 'u', windowMs: 1, containers: [{ name: '', ...usage }] }] },
    {
      pods: [{ uid: 'u', windowMs: 1, containers: [{ name: 'c', ...usage, memoryBytes: 1e300 }] }],
    },
  ]
  for (const value of senseless) {
    const { usages, malformed } = heard(value)
    assert.equal(usages.of('a.b', 1_000)?.pods.size, 0)
    assert.equal(malformed.count, 1, JSON.stringify(value))
  }
  const { usages, malformed } = heard({ ...told, more: 'x'.repeat(256 * 1024) })
  assert.deepEqual([usages.of('a.b', 1_000), malformed.count], [undefined, 1])
})

test('who bears no node’s name tells of no node', () => {
  const { usages } = heard(told, 'nodes.*.usage')
  assert.equal(usages.of('*', 1_000), undefined)
})
