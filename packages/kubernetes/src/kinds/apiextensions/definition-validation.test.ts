import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WrittenSchema } from '../../custom-resources/custom-schema.ts'
import type { CustomResourceDefinition, CustomResourceVersion } from '../../object.ts'
import { validateDefinition, validateDefinitionUpdate } from './definition-validation.ts'

type Spec = CustomResourceDefinition['spec']

const typed: WrittenSchema = { type: 'object' }

const definition = (
  spec: Partial<Spec> = {},
  metadata: Partial<CustomResourceDefinition['metadata']> = {},
): CustomResourceDefinition => ({
  ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  metadata: { name: `foos.${spec.group ?? 'ex.com'}`, ...metadata },
  spec: {
    group: 'ex.com',
    scope: 'Namespaced',
    names: { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' },
    versions: [version()],
    ...spec,
  },
})

function version(more: Partial<CustomResourceVersion> = {}): CustomResourceVersion {
  const schema = { openAPIV3Schema: typed }
  return { name: 'v1', served: true, storage: true, schema, ...more }
}

const wrongIn = (wrong: CustomResourceDefinition): string[] =>
  validateDefinition(wrong).map(({ field, message }) => `${field}: ${message}`)

/** A definition whose schema has one field like that. */
const withField = (field: WrittenSchema): string[] => {
  const openAPIV3Schema = { ...typed, properties: { a: field } }
  return wrongIn(definition({ versions: [version({ schema: { openAPIV3Schema } })] }))
}

const at = 'spec.validation.openAPIV3Schema.properties[a]'

test('a definition with nothing wrong is taken', () => {
  assert.deepEqual(wrongIn(definition()), [])
  const list: WrittenSchema = {
    ...{ type: 'array', items: { type: 'object', properties: { k: { type: 'string' } } } },
    ...{ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
  }
  assert.deepEqual(withField(list), [])
  assert.deepEqual(withField({ type: 'integer', default: 1 }), [])
})

test('a default has to be what its schema asks for', () => {
  const [wrong = '', ...others] = withField({ type: 'integer', default: 'one' })
  assert.deepEqual(others, [])
  assert.ok(wrong.startsWith(`${at}.default: Invalid value: `), wrong)
  assert.match(wrong, /must be of type integer: "string"/)
})

test('how lists and maps are merged is said in the words that there are, with keys where these count', () => {
  const items = { type: 'object' }
  const list = (more: object) => withField({ type: 'array', items, ...more })
  const [kind = ''] = list({ 'x-kubernetes-list-type': 'x' })
  assert.match(kind, /list-type: Unsupported value: "x": supported values: "atomic", "set", "map"$/)
  const [map = ''] = withField({ type: 'object', 'x-kubernetes-map-type': 'x' })
  assert.match(map, /x-kubernetes-map-type: Unsupported value: "x"/)
  const keys = `${at}.x-kubernetes-list-map-keys`
  assert.deepEqual(list({ 'x-kubernetes-list-type': 'map' }), [
    `${keys}: Required value: must not be empty if x-kubernetes-list-type is map`,
  ])
  const [forbidden = ''] = list({ 'x-kubernetes-list-map-keys': ['k'] })
  assert.ok(forbidden.startsWith(`${keys}: Forbidden: must be empty if`), forbidden)
})

test('a column has a type that there is, and a path', () => {
  const column = (more: object) => ({ name: 'A', type: 'string', jsonPath: '.spec.a', ...more })
  const columns = (more: object) =>
    wrongIn(definition({ versions: [version({ additionalPrinterColumns: [column(more)] })] }))
  assert.deepEqual(columns({}), [])
  const field = 'spec.versions[0].additionalPrinterColumns[0]'
  assert.deepEqual(columns({ type: 'x' }), [
    `${field}.type: Invalid value: "x": must be one of boolean,date,integer,number,string`,
  ])
  assert.deepEqual(columns({ jsonPath: 'spec.a' }), [
    `${field}.jsonPath: Invalid value: "spec.a": must be a simple json path starting with .`,
  ])
})

test('a group of Kubernetes’ own takes the sign that it was agreed on', () => {
  const approval = 'api-approved.kubernetes.io'
  for (const group of ['k8s.io', 'x.k8s.io', 'kubernetes.io']) {
    const [wrong = '', ...others] = wrongIn(definition({ group }))
    assert.deepEqual(others, [])
    assert.ok(wrong.startsWith(`metadata.annotations[${approval}]: Required value: protected`))
    const annotations = { [approval]: 'https://github.com/kubernetes/kubernetes/pull/1' }
    assert.deepEqual(wrongIn(definition({ group }, { annotations })), [])
  }
  assert.deepEqual(wrongIn(definition({ group: 'myk8s.io' })), [])
})

test('names, versions and conversions are what objects of the kind can be told by', () => {
  const names = { plural: 'foos', singular: 'Foo', kind: 'Foo', listKind: 'Foo' }
  const said = [
    ...wrongIn(definition({ names })),
    ...wrongIn(definition({ group: 'nodots' })),
    ...wrongIn(definition({}, { name: 'others.ex.com' })),
    ...wrongIn(definition({ versions: [version(), version()] })),
    ...wrongIn(definition({ versions: [version({ schema: {} })] })),
    ...wrongIn(definition({ conversion: { strategy: 'Webhook' } })),
  ].map((text) => text.replace(/: .*/s, ''))
  assert.deepEqual(said, [
    ...['spec.names.singular', 'spec.names.listKind', 'spec.group', 'metadata.name'],
    ...['spec.versions', 'spec.versions[1].name'],
    ...['spec.versions[0].schema.openAPIV3Schema', 'spec.conversion.strategy'],
  ])
})

test('what would make other objects of those there are does not change', () => {
  const before = definition()
  const after = definition({ group: 'other.com', scope: 'Cluster' })
  const fields = validateDefinitionUpdate(after, before).map(({ field }) => field)
  assert.deepEqual(fields, ['spec.group', 'spec.scope'])
  assert.deepEqual(validateDefinitionUpdate(before, before), [])
})
