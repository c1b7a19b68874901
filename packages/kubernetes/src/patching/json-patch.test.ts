import assert from 'node:assert/strict'
import test from 'node:test'
import { createPatch } from 'rfc6902'
import { Random } from '../random.fixture.ts'
import { isRefusal } from '../status-error.ts'
import { applyJsonPatch, checkJsonPatch, createJsonPatch, type JsonPatch } from './json-patch.ts'
import { applyMergePatch } from './merge-patch.ts'

/** What a cost in proportion to the square of the length exceeds, on whatever machine: CPU of this thread. */
const cpuMicrosMax = 5_000_000

const before = { metadata: { labels: { a: '1', b: '2' } }, list: [1, 2, 3], text: 'x' }

test('a patch made from two objects leads from one to the other and changes neither', () => {
  const after = { metadata: { labels: { b: '3', 'c/d~e': '4' } }, list: [0, 1, 3], more: null }
  const [first, second] = [structuredClone(before), structuredClone(after)]
  const patch = createJsonPatch(before, after)
  assert.deepEqual(applyJsonPatch(before, patch), after)
  assert.deepEqual([before, after], [first, second])
  assert.deepEqual(createJsonPatch(before, after), patch)
  assert.deepEqual(createJsonPatch(before, structuredClone(before)), [])
})

/** A JSON value of few names and values, so that two of them have much in common. */
function randomValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 6 : 3)
  if (kind === 0) return random.below(3)
  if (kind === 1) return ['a', 'b', null, true, undefined][random.below(5)]
  if (kind === 2) return random.chance(0.5) ? {} : []
  if (kind === 3) {
    return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1) ?? null)
  }
  const fields = ['a', 'b/c', 'd~e', '0', 'constructor'].filter(() => random.chance(0.6))
  return Object.fromEntries(fields.map((field) => [field, randomValue(random, depth - 1)]))
}

test('a patch is the one that its library makes of two objects', () => {
  const random = new Random(7)
  for (let times = 0; times < 2_000; times++) {
    const [from, to] = [randomValue(random, 4), randomValue(random, 4)]
    assert.deepEqual(createJsonPatch(from, to), createPatch(from, to), JSON.stringify([from, to]))
  }
})

test('what a patch does not touch is shared, what it touches is not', () => {
  const object = { kept: { a: 1 }, list: [{ n: 1 }, { n: 2 }] }
  const patch = [
    { op: 'replace', path: '/list/1/n', value: 3 },
    { op: 'remove', path: '/list/0' },
    { op: 'move', from: '/kept/a', path: '/list/0/m' },
  ] as const
  const after = applyJsonPatch(object, patch)
  assert.deepEqual(after, { kept: {}, list: [{ n: 3, m: 1 }] })
  assert.deepEqual(object, { kept: { a: 1 }, list: [{ n: 1 }, { n: 2 }] })
  const added = applyJsonPatch(object, [{ op: 'add', path: '/list/-', value: {} }]) as typeof object
  assert.equal(added.kept, object.kept)
  assert.equal(added.list[0], object.list[0])
})

test('names that mean something to JavaScript are data like any other', () => {
  const to = { data: JSON.parse('{"constructor":{"a":1},"prototype":"x"}') }
  const from = { data: { constructor: { a: 2 } } }
  assert.deepEqual(applyJsonPatch(from, createJsonPatch(from, to)), to)
})

test('very long lists are replaced whole instead of being compared without end', () => {
  const from = { list: Array.from({ length: 500 }, (_, i) => i) }
  const to = { list: from.list.toReversed() }
  const patch = createJsonPatch(from, to)
  assert.equal(patch.length, 1)
  assert.deepEqual(applyJsonPatch(from, patch), to)
})

test('a failing test, a missing path and a strange patch are refused', () => {
  const refused = (patch: unknown, reason: 'Invalid' | 'BadRequest') =>
    assert.throws(
      () => {
        checkJsonPatch(patch)
        applyJsonPatch(before, patch)
      },
      (error) => isRefusal(error, reason),
    )
  refused([{ op: 'test', path: '/text', value: 'y' }], 'Invalid')
  refused([{ op: 'remove', path: '/none/there' }], 'Invalid')
  refused([{ op: 'explode', path: '/text' }], 'Invalid')
  refused([{ op: 'add', path: '/__proto__/x', value: 1 }], 'Invalid')
  refused([{ op: 'copy', from: '/a/constructor', path: '/x' }], 'Invalid')
  refused([{ op: 'add', path: 'text', value: 1 }], 'Invalid')
  refused({ op: 'add' }, 'BadRequest')
  refused(['add'], 'BadRequest')
})

test('a member may have any name, also one that every JavaScript object inherits', () => {
  const after = JSON.parse('{"data":{"__proto__":"x","constructor":"y"}}')
  const recorded = createJsonPatch({ data: {} }, after)
  assert.equal(JSON.stringify(applyJsonPatch({ data: {} }, recorded)), JSON.stringify(after))
  const changed = applyJsonPatch(after, [
    { op: 'replace', path: '/data/__proto__', value: 'z' },
    { op: 'remove', path: '/data/constructor' },
  ])
  assert.equal(JSON.stringify(changed), '{"data":{"__proto__":"z"}}')
})

test('a refusal names what could not be done, and where', () => {
  const message = /error in our request: testing value \/text failed: test failed$/
  assert.throws(() => applyJsonPatch(before, [{ op: 'test', path: '/text', value: 'y' }]), message)
})

test('a patch nested beyond all reason is refused, not walked', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)
  const isBad = (error: unknown) => isRefusal(error, 'BadRequest')
  assert.throws(() => applyMergePatch(before, deep), isBad)
  assert.throws(() => checkJsonPatch([{ op: 'add', path: '/x', value: deep }]), isBad)
})

test('the whole document can be replaced', () => {
  assert.deepEqual(applyJsonPatch(before, [{ op: 'replace', path: '', value: { new: true } }]), {
    new: true,
  })
})

test('a merge patch merges objects, removes by null and replaces lists', () => {
  const patch = { metadata: { labels: { a: null, c: '5' } }, list: [9], new: { deep: { x: 1 } } }
  assert.deepEqual(applyMergePatch(before, patch), {
    metadata: { labels: { b: '2', c: '5' } },
    list: [9],
    text: 'x',
    new: { deep: { x: 1 } },
  })
  assert.deepEqual(before.list, [1, 2, 3])
  assert.throws(
    () => applyMergePatch(before, []),
    (error) => isRefusal(error, 'BadRequest'),
  )
})

const pod = { labels: { l: '1' }, list: ['a', 'b'] }

/** What kube-apiserver 1.33 makes of a patch; undefined where it refuses. */
const answers: readonly [what: string, patch: object, after: unknown][] = [
  [
    'a missing member is set by replace',
    { op: 'replace', path: '/labels/new', value: '2' },
    { labels: { l: '1', new: '2' }, list: ['a', 'b'] },
  ],
  ['null equals absent', { op: 'test', path: '/labels/none', value: null }, pod],
  ['nothing else equals absent', { op: 'test', path: '/labels/none', value: '' }, undefined],
  [
    '-1 inserts at the end',
    { op: 'add', path: '/list/-1', value: 'z' },
    { labels: { l: '1' }, list: ['a', 'b', 'z'] },
  ],
  ['-1 removes the last', { op: 'remove', path: '/list/-1' }, { labels: { l: '1' }, list: ['a'] }],
  ['-3 is before the first of two', { op: 'remove', path: '/list/-3' }, undefined],
  ['a word is no index', { op: 'replace', path: '/list/abc', value: 'z' }, undefined],
  ['nor to test', { op: 'test', path: '/list/abc', value: null }, undefined],
  ['nor is an index beyond the end', { op: 'copy', from: '/list/0', path: '/list/9' }, undefined],
  ['nor to move to', { op: 'move', from: '/list/0', path: '/list/2' }, undefined],
  ['what is missing cannot be removed', { op: 'remove', path: '/labels/none' }, undefined],
  ['nor moved', { op: 'move', from: '/labels/none', path: '/labels/l' }, undefined],
  [
    'a copy of what is missing is null',
    { op: 'copy', from: '/labels/none', path: '/labels/l' },
    { labels: { l: null }, list: ['a', 'b'] },
  ],
  ['a text has no members', { op: 'add', path: '/labels/l/x', value: 1 }, undefined],
]

for (const [what, patch, after] of answers) {
  test(`as upstream's library has it: ${what}`, () => {
    const isInvalid = (error: unknown) => isRefusal(error, 'Invalid')
    if (after === undefined)
      assert.throws(() => applyJsonPatch(pod, [patch] as JsonPatch), isInvalid)
    else assert.deepEqual(applyJsonPatch(pod, [patch] as JsonPatch), after)
  })
}

test('an object copied into itself again and again is refused before it is large', () => {
  const bombs = [
    Array.from({ length: 30 }, (_, n) => ({ op: 'copy', from: '/labels', path: `/labels/${n}` })),
    Array.from({ length: 30 }, () => ({ op: 'copy', from: '/list', path: '/list/-' })),
  ]
  for (const bomb of bombs) {
    assert.throws(
      () => applyJsonPatch(pod, bomb as JsonPatch),
      /accumulated size increase of copy is \d+, exceeding the limit 3145728$/,
    )
  }
})

test('a copy is no alias of what was copied', () => {
  const patch = [
    { op: 'copy', from: '/labels', path: '/copied' },
    { op: 'add', path: '/copied/x', value: '2' },
  ] as const
  assert.deepEqual(applyJsonPatch(pod, patch), { ...pod, copied: { l: '1', x: '2' } })
})

test('what a patch brings is not changed by the operations after it', () => {
  const patch = [
    { op: 'add', path: '/new', value: { list: [1] } },
    { op: 'add', path: '/new/list/-', value: 2 },
  ] as const
  const twice = [applyJsonPatch(pod, patch), applyJsonPatch(pod, patch)]
  assert.deepEqual(
    twice,
    [pod, pod].map((it) => ({ ...it, new: { list: [1, 2] } })),
  )
})

test('lists within long lists are not compared without end', () => {
  const template = (value: string) => ({
    containers: Array.from({ length: 120 }, (_, n) => ({
      name: `c${n}`,
      env: Array.from({ length: 120 }, (_, m) => ({ name: `e${m}`, value })),
    })),
  })
  const [from, to] = [template('1'), template('2')]
  const began = process.threadCpuUsage().user
  assert.deepEqual(applyJsonPatch(from, createJsonPatch(from, to)), to)
  assert.ok(process.threadCpuUsage().user - began < cpuMicrosMax)
})
