import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CustomResourceDefinition, configMaps, customResource } from '@reckon/kubernetes'
import { customResourceLifecycle } from './custom-resource-lifecycle.ts'
import { having } from './others.fixture.ts'

const definition = (metadata: object = {}): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'pages.example.com', ...metadata },
  spec: {
    group: 'example.com',
    names: { plural: 'pages', singular: 'page', kind: 'Page', listKind: 'PageList' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true }],
  },
})
const pages = customResource(definition())
const page = { apiVersion: 'example.com/v1', kind: 'Page', metadata: { name: 'p' } }
const terminating = definition({ deletionTimestamp: '2026-01-01T00:00:00Z' })
const refusal = { reason: 'MethodNotAllowed', message: /custom resource definition is terminating/ }

test('an object is created while its kind is defined', () => {
  const write = { resource: pages, object: page }
  customResourceLifecycle.admit(write, having([definition()]))
  assert.throws(() => customResourceLifecycle.admit(write, having([terminating])), refusal)
  assert.throws(() => customResourceLifecycle.admit(write, having()), refusal)
})

test('one that is there may still be changed, so that its finalizers can go', () => {
  const write = { resource: pages, object: page, before: page }
  customResourceLifecycle.admit(write, having([terminating]))
})

test('the kinds of Kubernetes need no definition', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  customResourceLifecycle.admit({ resource: configMaps, object }, having())
})
