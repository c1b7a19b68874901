import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ConfigMap,
  configMaps,
  type KubernetesObject,
  matchesLabels,
  parseLabelSelector,
} from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import type { Query } from '../requests/request-context.ts'
import { type Client, type Line, watchedLog } from './watched-log.fixture.ts'

type Scope = { namespace: string | undefined; query: Query }
type Watched = { client: Client; scope: Scope; since: bigint; initial: boolean }
type State = KubernetesObject | undefined
type Change = { position: bigint; key: string; before: State; after: State }

const namespaces = ['a', 'b']
const names = ['one', 'two', 'three']

/** What was asked for, read anew: nothing of what is tested is used. */
function seenIn({ namespace, query }: Scope, object: State): State {
  return object && isSeen({ namespace, query }, object) ? object : undefined
}

function isSeen({ namespace, query }: Scope, object: KubernetesObject): boolean {
  const { metadata } = object
  if (namespace !== undefined && metadata.namespace !== namespace) return false
  if (!matchesLabels(parseLabelSelector(query.labelSelector ?? ''), metadata.labels)) return false
  const [, name] = (query.fieldSelector ?? '').split('metadata.name=')
  return name === undefined || metadata.name === name
}

/** One watch by itself, as a filter over all that happened. */
function expectedOf(changes: readonly Change[], { scope, since, initial }: Watched): string[] {
  const objects = new Map<string, KubernetesObject>()
  const received: string[] = []
  for (const { position, key, before, after } of changes) {
    if (position <= since) {
      if (after === undefined) objects.delete(key)
      else objects.set(key, after)
      continue
    }
    const [was, is] = [seenIn(scope, before), seenIn(scope, after)]
    if (is) received.push(shown({ type: was ? 'MODIFIED' : 'ADDED', object: is }))
    else if (was) {
      const metadata = { ...was.metadata, resourceVersion: String(position) }
      received.push(shown({ type: 'DELETED', object: { ...was, metadata } }))
    }
  }
  const existing = [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
  const there = existing.filter((object) => isSeen(scope, object))
  return [...(initial ? there.map((object) => shown({ type: 'ADDED', object })) : []), ...received]
}

const shown = ({ type, object }: Line) => {
  const { metadata, data } = object as ConfigMap
  const { namespace, name, resourceVersion, labels } = metadata
  return JSON.stringify([type, namespace, name, resourceVersion, labels ?? {}, data?.n])
}

const scopeOf = (random: Random): Scope => ({
  namespace: random.below(3) === 0 ? undefined : namespaces[random.below(2)],
  query: {
    ...(random.below(2) === 0 && {
      labelSelector: ['tier=x', 'tier!=x', 'tier in (x,y),old'][random.below(3)],
    }),
    ...(random.below(4) === 0 && { fieldSelector: `metadata.name=${names[random.below(3)]}` }),
  },
})

/** Bookmarks tell nothing but true positions, and are left out. */
function withoutBookmarks(lines: readonly Line[]): readonly Line[] {
  let reached = 0n
  return lines.filter(({ type, object }) => {
    const version = BigInt(object.metadata.resourceVersion ?? 0)
    const isInitialEnd = object.metadata.annotations !== undefined
    if (type === 'BOOKMARK') assert.ok(version >= reached, 'a bookmark goes back')
    else if (reached > 0n) assert.ok(version > reached, 'a bookmark came before what it includes')
    if (type === 'BOOKMARK' && !isInitialEnd) reached = version
    return type !== 'BOOKMARK'
  })
}

async function history(seed: number): Promise<void> {
  const random = new Random(seed)
  const world = watchedLog({ remembered: 1 + random.below(12) })
  const { objects, clock } = world
  const [changes, watched]: [Change[], Watched[]] = [[], []]
  objects.subscribe(({ type, stored, before, event }) => {
    const { namespace, name } = stored.object.metadata
    const after = type === 'DELETED' ? undefined : stored.object
    const { position } = event
    changes.push({ position, key: `${namespace} ${name}`, before: before?.object, after })
  })
  const write = async () => {
    const [namespace = '', name = ''] = [namespaces[random.below(2)], names[random.below(3)]]
    const labels = {
      ...(random.below(2) === 0 && { tier: ['x', 'y'][random.below(2)] ?? '' }),
      ...(random.below(3) === 0 && { old: 'yes' }),
    }
    const isGone = objects.get(configMaps, namespace, name) === undefined
    // Now and then so much that it comes in pieces.
    const data = {
      n: String(random.below(1e9)),
      ...(random.below(30) === 0 && { long: 'x'.repeat(150_000) }),
    }
    const object = { data, metadata: { name, labels } }
    if (!isGone || random.below(5) > 0) {
      await world.put(namespace, name, !isGone && random.below(5) === 0 ? undefined : object)
    }
    if (random.below(3) > 0) await world.apply()
  }
  const begin = () => {
    const kind = random.below(3)
    const since = kind === 0 ? changes[random.below(changes.length + 1)]?.position : undefined
    const initial = kind === 1
    const scope = scopeOf(random)
    const { namespace, query } = scope
    const after = initial ? 'Initial' : since
    const begun = { since: since ?? world.position(), initial, scope }
    const wanted = { namespace, query, wantsBookmarks: random.below(2) === 0 }
    const client = world.watch({ ...wanted, ...(after !== undefined && { after }) })
    watched.push({ ...begun, client })
  }
  for (let step = 0; step < 120; step++) {
    const what = random.below(12)
    const any = watched[random.below(watched.length)]?.client
    if (what < 6) await write()
    else if (what === 6) begin()
    else if (what === 7 && any) any.takes = false
    else if (what === 8) any?.take()
    else if (what === 9 && random.below(10) === 0) any?.destroy()
    else await clock.advance([1, 12, 20, 1_000, 10_000][random.below(5)] ?? 0)
  }
  await world.apply()
  for (const { client } of watched) client.take()
  await clock.advance(100)
  for (const each of watched) {
    const received = withoutBookmarks(each.client.lines).map(shown)
    const wanted = expectedOf(changes, each)
    const heard = each.client.destroyed ? wanted.slice(0, received.length) : wanted
    assert.deepEqual(received, heard, `seed ${seed}: ${JSON.stringify(each.scope)}`)
  }
  assert.deepEqual(world.errors, [])
  world.close()
}

test('whatever happens and whoever is slow: each watch is told what a filter of its own would tell', async () => {
  for (let seed = 1; seed <= 60; seed++) await history(seed)
})
