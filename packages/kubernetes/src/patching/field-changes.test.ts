import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployments } from '../kinds/apps/deployments.ts'
import type { KubernetesObject } from '../object.ts'
import { fieldChanges } from './field-changes.ts'

const web = (spec: object, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
  spec,
})
const withContainers = (...containers: object[]) => web({ template: { spec: { containers } } })

test('each field that differs is named, with both values', () => {
  const from = web({ replicas: 1, paused: true })
  const to = web({ replicas: 3 }, { labels: { 'a.b/c': 'x' } })
  assert.deepEqual(fieldChanges(deployments, from, to), [
    { field: 'metadata.labels', from: undefined, to: { 'a.b/c': 'x' } },
    { field: 'spec.replicas', from: 1, to: 3 },
    { field: 'spec.paused', from: true, to: undefined },
  ])
})

test('items of a list with a merge key are named by it, also where their places differ', () => {
  const from = withContainers({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' })
  const to = withContainers({ name: 'b', image: 'b:2' }, { name: 'a', image: 'a:1' })
  assert.deepEqual(fieldChanges(deployments, from, to), [
    { field: 'spec.template.spec.containers[name=b].image', from: 'b:1', to: 'b:2' },
  ])
})

test('a label is named in brackets; what is the same is not named', () => {
  const labelled = (value: string) => web({ replicas: 1 }, { labels: { 'a.b/c': value } })
  assert.deepEqual(fieldChanges(deployments, labelled('1'), labelled('2')), [
    { field: 'metadata.labels[a.b/c]', from: '1', to: '2' },
  ])
  assert.deepEqual(fieldChanges(deployments, labelled('1'), labelled('1')), [])
})

test('what one version has not at all is told field by field, if that is wanted', () => {
  const from = withContainers({ name: 'a', image: 'a:1' })
  const labelled = web(from.spec as object, { labels: { tier: 'x' } })
  assert.deepEqual(fieldChanges(deployments, from, labelled, 'Empty'), [
    { field: 'metadata.labels.tier', from: undefined, to: 'x' },
  ])
  const fields = fieldChanges(deployments, undefined, from, 'Empty').map(({ field }) => field)
  assert.ok(fields.includes('spec.template.spec.containers[name=a].image'), fields.join())
  assert.ok(
    fields.every((field) => !['', 'metadata', 'spec'].includes(field)),
    fields.join(),
  )
})
