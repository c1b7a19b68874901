import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  persistentVolumeClaims,
  type Resource,
  services,
  systemPriorityClasses,
} from '@reckon/kubernetes'
import { priorityClassRules } from './priority-class.ts'
import { reservablesOf, reserves, rulesOf } from './rules-of.ts'

test('a kind without rules of its own has the common ones; one that was defined counts its changes', () => {
  assert.deepEqual(rulesOf(configMaps), {})
  const read: Resource['read'] = (_, value) => value
  const defined = { ...configMaps, plural: 'pages', group: 'example.com', read }
  assert.deepEqual(rulesOf(defined), { countsGeneration: true, statusMetadata: [] })
})

test('kinds with unique values, and those whose objects grow, are asked for them when they change', () => {
  assert.deepEqual([services, persistentVolumeClaims, configMaps].map(reserves), [
    ...[true, true, false],
  ])
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  assert.deepEqual(reservablesOf(configMaps, object), [])
  const service = { ...object, kind: 'Service', spec: { clusterIPs: ['10.96.0.7'] } }
  assert.equal(reservablesOf(services, service).length, 1)
})

test('the priority classes of the system cannot be deleted, all others can', () => {
  const isKept = (name: string) =>
    priorityClassRules.undeletable?.({
      ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } },
      value: 1,
    }) !== undefined
  assert.ok(systemPriorityClasses.every(({ metadata }) => isKept(metadata.name)))
  assert.ok(!isKept('mine'))
})
