import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, type KubernetesObject, namespaces, notFound } from '@reckon/kubernetes'
import { type Apply, applyObject } from './apply-object.ts'
import { byAda, configMap, foundedCluster } from './cluster.fixture.ts'
import { watched } from './watched.fixture.ts'
import type { WritePorts } from './write-ports.ts'

/** An apply of ConfigMap `a` by which it holds `a: 2`. */
const apply = (ports: WritePorts, rest: Partial<Apply> = {}) =>
  applyObject(ports, {
    target: { resource: configMaps, namespace: 'default', name: 'a' },
    origin: { actor: { user: 'jane' }, verb: 'apply' },
    isDryRun: false,
    applied: (current) => ({ ...current, data: { a: '2' } }),
    created: () => configMap('a', { a: '2' }),
    ...rest,
  })

test('what is applied is made where it is not there, and else changed', async () => {
  const { ports, eventsOf } = await foundedCluster()
  const made = await apply(ports)
  assert.deepEqual([made.isNew, made.object.data], [true, { a: '2' }])
  const applied = (current: KubernetesObject) => ({ ...current, data: { a: '3' } })
  const changed = await apply(ports, { applied })
  assert.deepEqual([changed.isNew, changed.object.data], [false, { a: '3' }])
  const types = (await eventsOf('configmaps', 'a')).map(({ type }) => type)
  assert.deepEqual(types, ['ConfigMapCreated', 'ConfigMapChanged'])
})

test('what is only tried records nothing', async () => {
  const { ports, create, eventsOf } = await foundedCluster()
  assert.equal((await apply(ports, { isDryRun: true })).isNew, true)
  assert.deepEqual(await eventsOf('configmaps', 'a'), [])
  await create('configmaps', configMap('a', { a: '1' }))
  const tried = await apply(ports, { isDryRun: true })
  assert.deepEqual([tried.isNew, tried.object.data], [false, { a: '2' }])
  assert.equal((await eventsOf('configmaps', 'a')).length, 1)
})

test('a part of what is not there is not made', async () => {
  const { ports } = await foundedCluster()
  await assert.rejects(apply(ports, { subresource: 'status' }), { reason: 'NotFound' })
})

test('that something else is not there is told, and is no reason to make the object', async () => {
  const { ports, create } = await foundedCluster()
  await create('configmaps', configMap('a'))
  const applied = () => {
    throw notFound(namespaces, 'other')
  }
  await assert.rejects(apply(ports, { applied }), { message: /namespaces "other" not found/ })
})

test('an object that somebody else makes at that moment is changed', async () => {
  const { ports, create } = await foundedCluster()
  const { log } = ports
  let isFirst = true
  const append: typeof log.append = async (...given) => {
    if (isFirst) {
      isFirst = false
      await create('configmaps', configMap('a', { a: '1' }))
    }
    return log.append(...given)
  }
  const { isNew, object } = await apply({ ...ports, log: { ...log, append } })
  assert.deepEqual([isNew, object.data], [false, { a: '2' }])
})

test('who is never first is told so after five times', async () => {
  const { ports, create } = await foundedCluster()
  await create('configmaps', configMap('b'))
  let times = 0
  const created = () => {
    times++
    return configMap('b')
  }
  await assert.rejects(apply(ports, { created }), { reason: 'AlreadyExists' })
  assert.equal(times, 5)
})

test('whoever wrote an object before its first apply manages what they wrote', async () => {
  const { ports, create } = await foundedCluster()
  await create('configmaps', configMap('a', { a: '1' }))
  const seen: (string | undefined)[] = []
  const applied = (current: KubernetesObject) => {
    seen.push(...(current.metadata.managedFields ?? []).map(({ manager }) => manager))
    return current
  }
  await apply(ports, { applied })
  assert.deepEqual(seen, [byAda.actor.user])
  const { ports: again, asked } = watched(ports)
  await apply(again)
  assert.ok(!asked.includes('read configmaps-default/a'), 'its managers are known')
})
