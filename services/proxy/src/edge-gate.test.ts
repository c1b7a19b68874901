import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { IngressHosts } from '@reckon/routing'
import { EdgeGate, type HeldIngresses } from './edge-gate.ts'

/** Hosts with one rule each: `host ingress@position`, whose path is the position. */
const hostsOf = (...rules: string[]): IngressHosts => {
  const entries = rules.map((text) => {
    const [host = '', ingress = '', position = ''] = text.split(/[ @]/)
    const backend = { namespace: 'n', service: ingress, port: 80 }
    const origin = { ingress, position }
    return [host, { match: 'Prefix', path: `/${position}`, backend, origin } as const] as const
  })
  return new Map(
    [...Map.groupBy(entries, ([host]) => host)].map(([host, found]) => [
      host,
      { host, paths: found.map(([, rule]) => rule) },
    ]),
  )
}
const textOf = (hosts: IngressHosts): string[] =>
  [...hosts.values()].flatMap(({ host, paths }) =>
    paths.map(({ origin }) => `${host} ${origin.ingress}@${origin.position}`),
  )

let offered: string[][]
let bad: Set<string>
let refused: string[]
let gate: EdgeGate
let forgotten: string[]
let kept: HeldIngresses
let writes: number
let isMemoryBroken: boolean

beforeEach(() => {
  offered = []
  refused = []
  forgotten = []
  writes = 0
  isMemoryBroken = false
  bad = new Set()
  kept = { refused: new Map(), rules: new Map() }
  gate = started()
})

const started = () =>
  new EdgeGate({
    // Envoy refuses the whole of a host where one of its rules is bad.
    offer: async (hosts) => {
      offered.push(textOf(hosts))
      const found = [...hosts].filter(([, { paths }]) =>
        paths.some(({ origin }) => bad.has(`${origin.ingress}@${origin.position}`)),
      )
      return new Map(found.map(([host]) => [host, `${host} is bad`]))
    },
    namesOf: (hosts) => new Set(hosts.keys()),
    onRefused: (...what) => refused.push(what.join(' ')),
    onForgotten: (ingress) => forgotten.push(ingress),
    memory: {
      read: async () => kept,
      write: async ({ refused, rules }) => {
        writes += 1
        if (isMemoryBroken) return false
        kept = { refused: new Map(refused), rules }
        return true
      },
    },
  })

test('what Envoy takes is offered once', async () => {
  await gate.apply(hostsOf('a one@1', 'b two@1'))
  assert.deepEqual(offered, [['a one@1', 'b two@1']])
})

test('an Ingress that Envoy refuses stays as it was; others of its host are served as they are', async () => {
  await gate.apply(hostsOf('a one@1', 'a two@1', 'b three@1'))
  bad.add('one@2')
  await gate.apply(hostsOf('a one@2', 'a two@2', 'b three@2'))
  assert.deepEqual(refused, ['one 2 a is bad'])
  assert.deepEqual(offered.at(-1)?.toSorted(), ['a one@1', 'a two@2', 'b three@2'])
  await gate.apply(hostsOf('a one@2', 'a two@3', 'b three@2'))
  assert.deepEqual(offered.at(-1)?.toSorted(), ['a one@1', 'a two@3', 'b three@2'])
  assert.deepEqual(refused, ['one 2 a is bad'])
  await gate.apply(hostsOf('a one@3', 'a two@3', 'b three@2'))
  assert.deepEqual(offered.at(-1)?.toSorted(), ['a one@3', 'a two@3', 'b three@2'])
})

test('one that never was good is left out, and so are several', async () => {
  bad.add('one@1').add('three@1')
  await gate.apply(hostsOf('a one@1', 'a two@1', 'b three@1', 'b four@1'))
  assert.deepEqual(refused, ['one 1 a is bad', 'three 1 b is bad'])
  assert.deepEqual(offered.at(-1)?.toSorted(), ['a two@1', 'b four@1'])
})

test("what no new Ingress leads to is nobody's fault: all others go on", async () => {
  await gate.apply(hostsOf('a one@1'))
  bad.add('one@1')
  await gate.apply(hostsOf('a one@1', 'b two@1'))
  assert.deepEqual(refused, [])
  assert.equal(offered.length, 2)
})

test('one bad among many is found by halves', async () => {
  bad.add('bad@1')
  const many = Array.from({ length: 64 }, (_, number) => `a each${number}@1`)
  await gate.apply(hostsOf(...many, 'a bad@1'))
  assert.deepEqual(refused, ['bad 1 a is bad'])
  assert.equal(offered.at(-1)?.length, 64)
  assert.ok(offered.length < 20, `${offered.length} offers`)
})

test('who comes after a restart knows who is held back, and how each goes on', async () => {
  await gate.apply(hostsOf('a one@1', 'a two@5'))
  bad.add('one@2')
  const hosts = hostsOf('a one@2', 'a two@5')
  await gate.apply(hosts)
  gate = started()
  offered = []
  await gate.apply(hosts)
  assert.deepEqual(
    offered.map((each) => each.toSorted()),
    [['a one@1', 'a two@5']],
  )
  assert.equal(refused.length, 1)
})

test('who was held back once goes on as it was taken last, also after a restart', async () => {
  await gate.apply(hostsOf('a one@1', 'a two@5'))
  assert.equal(writes, 0)
  bad.add('one@2').add('one@5')
  await gate.apply(hostsOf('a one@2', 'a two@5'))
  await gate.apply(hostsOf('a one@3', 'a two@5'))
  assert.deepEqual([[...kept.refused], textOf(kept.rules)], [[], ['a one@3']])
  gate = started()
  await gate.apply(hostsOf('a one@4', 'a two@6'))
  assert.deepEqual(textOf(kept.rules), ['a one@4'])
  gate = started()
  await gate.apply(hostsOf('a one@5', 'a two@6'))
  assert.deepEqual(refused, ['one 2 a is bad', 'one 5 a is bad'])
  assert.deepEqual(offered.at(-1)?.toSorted(), ['a one@4', 'a two@6'])

  await gate.apply(hostsOf('a two@6'))
  assert.deepEqual([[...kept.refused], textOf(kept.rules)], [[], []])
})

test('what is kept is written where it is another, and again where it could not be', async () => {
  bad.add('one@1')
  isMemoryBroken = true
  const hosts = hostsOf('a one@1', 'a two@5')
  await gate.apply(hosts)
  assert.deepEqual([writes, kept.refused.size], [1, 0])
  isMemoryBroken = false
  await gate.apply(hosts)
  await gate.apply(hostsOf('a one@1', 'a two@6'))
  assert.deepEqual([writes, [...kept.refused]], [2, [['one', '1']]])
})

test('what was said of a refused version is forgotten once another one is there, or none', async () => {
  bad.add('one@1').add('two@1')
  await gate.apply(hostsOf('a one@1', 'b two@1'))
  assert.deepEqual(forgotten, [])
  await gate.apply(hostsOf('a one@2', 'b two@1'))
  assert.deepEqual(forgotten, ['one'])
  await gate.apply(hostsOf('a one@2'))
  assert.deepEqual(forgotten, ['one', 'two'])
})

test('another Envoy is offered anew what the one before refused, once, and what it refuses itself is held back', async () => {
  const hosts = hostsOf('a one@2', 'b two@2')
  await gate.apply(hostsOf('a one@1', 'b two@1'))
  bad.add('one@2').add('two@2')
  await gate.apply(hosts)
  bad.delete('one@2')
  gate.exchange()
  refused = []
  await gate.apply(hosts)
  assert.deepEqual(forgotten, ['one', 'two'])
  assert.deepEqual(refused, ['two 2 b is bad'])
  assert.deepEqual(offered.at(-1)?.toSorted(), ['a one@2', 'b two@1'])
  assert.deepEqual([...kept.refused], [['two', '2']])
  offered = []
  await gate.apply(hosts)
  assert.equal(offered.length, 1)
})

test('while one is held back, the same hosts are offered as the same object', async () => {
  const seen = new Set<IngressHosts>()
  gate = new EdgeGate({
    offer: async (hosts) => {
      seen.add(hosts)
      return textOf(hosts).includes('a one@1') ? new Map([['a', 'bad']]) : new Map()
    },
    namesOf: (hosts) => new Set(hosts.keys()),
    onRefused: () => {},
    onForgotten: () => {},
  })
  const hosts = hostsOf('a one@1', 'b two@1')
  await gate.apply(hosts)
  const { size } = seen
  await gate.apply(hosts)
  await gate.apply(hosts)
  assert.equal(seen.size, size)
})
