import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import { type JsonPatch, type KubernetesObject, pods } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'
import { streamOf } from '../stream-name.ts'
import { Objects } from './objects.ts'

/** Numbers below a limit that a seed decides. */
const drawnFrom = (seed: number) => (limit: number) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
  return (seed >>> 8) % limit
}
type Below = ReturnType<typeof drawnFrom>

/** Whoever changes it now gets an error. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}

const podOf = (name: string, below: Below): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'n', uid: `${name}-${below(1000)}`, labels: { a: `${below(9)}` } },
  spec: { containers: [{ name: 'c', image: `i${below(9)}` }] },
  status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] },
})

/** A change that fits any of these pods. */
const patchesOf = (below: Below): JsonPatch[] => [
  [{ op: 'replace', path: '/status/conditions/0/status', value: `${below(9)}` }],
  [{ op: 'add', path: '/status/conditions/-', value: { type: `t${below(9)}`, status: 'True' } }],
  [{ op: 'replace', path: '/status', value: { conditions: [{ type: 'x', n: [below(9)] }] } }],
  [{ op: 'add', path: '/metadata/labels', value: { 'b~/c': `${below(9)}` } }],
  [
    { op: 'add', path: '/status/reasons', value: { list: [] } },
    { op: 'add', path: '/status/reasons/list/0', value: { n: below(9) } },
    { op: 'replace', path: '/spec/containers/0/image', value: `i${below(9)}` },
  ],
  [],
]

/** Adds or replaces, in the document itself. */
function changeAt(
  document: unknown,
  { op, path, value }: { op: string; path: string; value: unknown },
) {
  const tokens = path.split('/').slice(1)
  const [key = '', ...way] = tokens
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reverse()
  const within = way.reverse().reduce((at, token) => Reflect.get(Object(at), token), document)
  if (!Array.isArray(within)) Reflect.set(Object(within), key, value)
  else if (op === 'add') within.splice(key === '-' ? within.length : Number(key), 0, value)
  else within[Number(key)] = value
}

/** The object of a stream, folded plainly: a copy for each event, changed in place. */
function plainly(before: KubernetesObject | undefined, event: RecordedEvent) {
  const { object, patch = [] } = event.data as {
    object?: KubernetesObject
    patch?: { op: string; path: string; value: unknown }[]
  }
  if (event.type === 'PodDeleted') return undefined
  const after: KubernetesObject = structuredClone(object ?? before ?? assert.fail())
  if (object === undefined) for (const each of structuredClone(patch)) changeAt(after, each)
  after.metadata.resourceVersion = String(event.position)
  return after
}

for (let seed = 1; seed <= 20; seed++) {
  test(`whatever happened, the view is the plain fold, and what it gave out stays as it was (seed ${seed})`, () => {
    const below = drawnFrom(seed)
    const view = new Objects()
    const plain = new Map<string, KubernetesObject>()
    const revisions = new Map<string, bigint>()
    const given: [stored: StoredObject, text: string][] = []
    for (let position = 1n; position < 400n; position++) {
      const name = `p${below(6)}`
      const stream = streamOf(pods, 'n', name)
      const before = plain.get(stream)
      const isEnd = before !== undefined && below(12) === 0
      const object = podOf(name, below)
      const patch = patchesOf(below)[below(6)]
      const changed = { patch, ...(below(10) === 0 && { object: { ...object, ...before } }) }
      const type = before === undefined ? 'PodCreated' : isEnd ? 'PodDeleted' : 'PodChanged'
      const data = frozen(before === undefined ? { object } : changed)
      const revision = (revisions.get(stream) ?? -1n) + 1n
      revisions.set(stream, revision)
      const metadata = undefined
      const event = { id: `e${position}`, type, stream, revision, position, data, metadata }
      const after = plainly(before, event)
      view.apply(event)
      if (after) plain.set(stream, after)
      else plain.delete(stream)
      const stored = view.get(pods, 'n', name)
      assert.deepEqual(stored?.object, after)
      if (stored !== undefined && below(3) === 0) {
        given.push([frozen(stored), JSON.stringify(stored.object)])
      }
    }
    assert.deepEqual(
      view.list(pods).map(({ object }) => object.metadata.name),
      [...plain.values()].map(({ metadata }) => metadata.name).sort(),
    )
    for (const [{ object }, text] of given) assert.equal(JSON.stringify(object), text)
  })
}
