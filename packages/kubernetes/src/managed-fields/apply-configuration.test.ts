import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployments } from '../kinds/apps/deployments.ts'
import { configMaps } from '../kinds/core/config-maps.ts'
import { services } from '../kinds/core/services.ts'
import type { KubernetesObject, ObjectMeta } from '../object.ts'
import type { Resource } from '../resource.ts'
import { isRefusal } from '../status-error.ts'
import { appliedFirst, applyConfiguration } from './apply-configuration.ts'
import { managedAfterUpdate } from './manage-update.ts'

const time = '2026-11-26T00:00:00Z'

/** An object that is applied and changed by turns, without anything that a server adds. */
class Applied {
  object: KubernetesObject | undefined
  readonly #resource: Resource

  constructor(resource: Resource) {
    this.#resource = resource
  }

  apply(manager: string, content: object, { force = false, metadata = {} } = {}): this {
    const { group, version, kind } = this.#resource
    const apiVersion = group === '' ? version : `${group}/${version}`
    const configuration = { apiVersion, kind, metadata: { name: 'x', ...metadata }, ...content }
    const application = { groupVersion: this.#resource, configuration, manager, time, force }
    this.object = this.object
      ? applyConfiguration(this.#resource, this.object, application)
      : appliedFirst(this.#resource, application)
    return this
  }

  update(manager: string, content: object): this {
    assert.ok(this.object)
    const after: KubernetesObject = { ...this.object, ...content }
    const managedFields = managedAfterUpdate(this.#resource, this.object, after, { manager, time })
    const metadata: ObjectMeta = { ...after.metadata, ...(managedFields && { managedFields }) }
    this.object = { ...after, metadata }
    return this
  }

  /** What each manager has, by its name. */
  get managed(): Record<string, unknown> {
    const entries = this.object?.metadata.managedFields ?? []
    return Object.fromEntries(
      entries.map(({ manager = '', operation, fieldsV1 }) => [`${manager} ${operation}`, fieldsV1]),
    )
  }

  get(field: string): unknown {
    return this.object?.[field]
  }
}

const configMap = () => new Applied(configMaps)
const data = (values: Record<string, string>) => ({ data: values })

const conflictsIn = (apply: () => unknown): unknown => {
  try {
    apply()
  } catch (error) {
    if (!isRefusal(error, 'Conflict')) throw error
    return [error.message, error.details?.causes?.map(({ field }) => field)]
  }
  return undefined
}

test('who applies owns what was given, and not what names the object', () => {
  const { managed } = configMap().apply('one', data({ a: '1' }), {
    metadata: { labels: { l: 'x' } },
  })
  assert.deepEqual(managed, {
    'one Apply': { 'f:metadata': { 'f:labels': { 'f:l': {} } }, 'f:data': { 'f:a': {} } },
  })
})

test('what is no longer applied goes, but for what others have', () => {
  const applied = configMap()
    .apply('one', data({ a: '1', b: '1' }))
    .apply('two', data({ b: '1' }))
    .apply('one', data({ c: '1' }))
  assert.deepEqual(applied.get('data'), { b: '1', c: '1' })
  assert.deepEqual(applied.managed, {
    'one Apply': { 'f:data': { 'f:c': {} } },
    'two Apply': { 'f:data': { 'f:b': {} } },
  })
  assert.deepEqual(applied.apply('one', {}).apply('two', {}).get('data'), undefined)
})

test('another value than another manager applied is a conflict, told in upstream’s words', () => {
  const applied = configMap().apply('one', data({ a: '1', b: '1' }))
  assert.deepEqual(
    conflictsIn(() => applied.apply('two', data({ a: '2' }))),
    ['Apply failed with 1 conflict: conflict with "one": .data.a', ['.data.a']],
  )
  assert.deepEqual(
    conflictsIn(() => applied.apply('two', data({ a: '2', b: '2' }))),
    [
      'Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b',
      ['.data.a', '.data.b'],
    ],
  )
})

test('the same value is shared; who changed a field by an update is named with its version', () => {
  const applied = configMap().apply('one', data({ a: '1' }))
  applied.apply('two', data({ a: '1' })).update('edit', data({ a: '3' }))
  assert.deepEqual(applied.managed, { 'edit Update': { 'f:data': { 'f:a': {} } } })
  assert.deepEqual(
    conflictsIn(() => applied.apply('one', data({ a: '1' }))),
    ['Apply failed with 1 conflict: conflict with "edit" using v1: .data.a', ['.data.a']],
  )
})

test('by force a field is taken from who had it', () => {
  const applied = configMap()
    .apply('one', data({ a: '1', b: '1' }))
    .apply('two', data({ a: '2' }), { force: true })
  assert.deepEqual(applied.get('data'), { a: '2', b: '1' })
  assert.deepEqual(applied.managed, {
    'one Apply': { 'f:data': { 'f:b': {} } },
    'two Apply': { 'f:data': { 'f:a': {} } },
  })
  assert.deepEqual(applied.apply('one', data({ b: '1' })).get('data'), { a: '2', b: '1' })
})

test('what an update removed is nobody’s, and what it added is its own', () => {
  const applied = configMap()
    .apply('one', data({ a: '1', b: '1' }))
    .update('edit', data({ b: '1', c: '1' }))
  assert.deepEqual(applied.managed, {
    'one Apply': { 'f:data': { 'f:b': {} } },
    'edit Update': { 'f:data': { 'f:c': {} } },
  })
})

test('the same apply twice is no change', () => {
  const applied = configMap().apply('one', data({ a: '1' }))
  const { object } = applied
  assert.deepEqual(applied.apply('one', data({ a: '1' })).object, object)
})

const container = (name: string, rest: object = {}) => ({ name, ...rest })
const podTemplate = (...containers: object[]) => ({ spec: { template: { spec: { containers } } } })

test('items of a list that is a map are found by their keys and have fields of their own', () => {
  const applied = new Applied(deployments)
    .apply('one', podTemplate(container('a', { image: 'i:1' }), container('b', { image: 'i:1' })))
    .apply('two', podTemplate(container('b', { tty: true }), container('c', { image: 'i:2' })))
  assert.deepEqual(
    applied.get('spec'),
    podTemplate(
      container('a', { image: 'i:1' }),
      container('b', { image: 'i:1', tty: true }),
      container('c', { image: 'i:2' }),
    ).spec,
  )
  const conflict = () => applied.apply('two', podTemplate(container('b', { image: 'i:2' })))
  assert.deepEqual(conflictsIn(conflict), [
    'Apply failed with 1 conflict: conflict with "one": .spec.template.spec.containers[name="b"].image',
    ['.spec.template.spec.containers[name="b"].image'],
  ])
  applied.apply('two', {}).apply('one', podTemplate(container('b', { image: 'i:1' })))
  assert.deepEqual(applied.get('spec'), podTemplate(container('b', { image: 'i:1' })).spec)
})

test('an item stays as long as another manager has something of it', () => {
  const applied = new Applied(deployments)
    .apply('one', podTemplate(container('a', { image: 'i:1' })))
    .apply('two', podTemplate(container('a', { tty: true })))
    .apply('one', {})
  assert.deepEqual(applied.get('spec'), podTemplate(container('a', { tty: true })).spec)
})

test('keys of a list that have a default count with it', () => {
  const port = (rest: object) => ({ spec: { ports: [{ port: 80, ...rest }] } })
  const applied = new Applied(services).apply('one', port({ targetPort: 8080 }))
  assert.deepEqual(applied.managed, {
    'one Apply': {
      'f:spec': {
        'f:ports': {
          'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:targetPort': {} },
        },
      },
    },
  })
  applied.update('api', port({ targetPort: 8080, protocol: 'TCP' }))
  applied.apply('one', port({ targetPort: 9090 }))
  assert.deepEqual(applied.get('spec'), port({ targetPort: 9090, protocol: 'TCP' }).spec)
})

test('items of a set are each somebody’s; what is atomic is so as a whole', () => {
  const finalizers = (...names: string[]) => ({ metadata: { finalizers: names } })
  const applied = configMap()
    .apply('one', {}, finalizers('x/a', 'x/b'))
    .apply('two', {}, finalizers('x/b', 'x/c'))
    .apply('one', {}, finalizers('x/b'))
  assert.deepEqual(applied.object?.metadata.finalizers, ['x/b', 'x/c'])
  const select = (labels: Record<string, string>) => ({
    spec: { selector: { matchLabels: labels } },
  })
  const selecting = new Applied(deployments).apply('one', select({ a: '1' }))
  assert.deepEqual(
    conflictsIn(() => selecting.apply('two', select({ b: '1' }))),
    ['Apply failed with 1 conflict: conflict with "one": .spec.selector', ['.spec.selector']],
  )
})

test('items come in the order of who applies them, others stay where they were', () => {
  const names = (...list: string[]) => podTemplate(...list.map((name) => container(name)))
  const applied = new Applied(deployments)
    .apply('one', names('a', 'b', 'c'))
    .apply('two', names('d', 'b', 'a'))
  assert.deepEqual(applied.get('spec'), names('d', 'b', 'a', 'c').spec)
})

test('of many who changed an object the first are remembered together', () => {
  const applied = configMap().apply('one', data({ a: '0' }))
  let values: Record<string, string> = { a: '0' }
  for (let n = 0; n < 12; n++) {
    values = { ...values, [`k${n}`]: '1' }
    applied.update(`editor-${n}`, data(values))
  }
  const updaters = Object.keys(applied.managed).filter((name) => name.endsWith('Update'))
  assert.equal(updaters.length, 10)
  assert.ok(updaters.includes('ancient-changes Update'))
})

test('kubectl takes over at the server what it applied from the client, and no more', () => {
  const name = 'kubectl.kubernetes.io/last-applied-configuration'
  const value = { apiVersion: 'v1', kind: 'ConfigMap', ...data({ a: '1', b: '1' }) }
  const annotated = { metadata: { annotations: { [name]: JSON.stringify(value) } } }
  const applied = configMap()
    .apply('other', data({ a: '1', b: '1' }), annotated)
    .update('edit', data({ a: '1', b: '2' }))
  const refused = conflictsIn(() => applied.apply('kubectl', data({ a: '3', b: '3' })))
  assert.deepEqual(refused, [
    'Apply failed with 1 conflict: conflict with "edit" using v1: .data.b',
    ['.data.b'],
  ])
  applied.apply('kubectl', data({ a: '3' }))
  assert.deepEqual(applied.get('data'), { a: '3', b: '2' })
  const kept = applied.object?.metadata.annotations?.[name] ?? ''
  assert.deepEqual(JSON.parse(kept).data, { a: '3' })
})
