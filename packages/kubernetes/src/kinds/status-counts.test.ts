import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findResourceNamed } from '../resources.ts'

const counted = [
  ...['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps'],
  ...['replicationcontrollers', 'jobs.batch'],
  ...['poddisruptionbudgets.policy', 'horizontalpodautoscalers.autoscaling'],
]

for (const id of counted) {
  test(`no number that the status of ${id} tells is below zero`, () => {
    const told = (status: object) =>
      findResourceNamed(id)?.validateStatus?.({
        ...{ apiVersion: 'v1', kind: 'Any', metadata: { name: 'a' } },
        ...{ status },
      })
    assert.deepEqual(told({ replicas: 0, observedGeneration: 2, conditions: [] }), [])
    const errors = told({ observedGeneration: -1 }) ?? []
    assert.deepEqual(
      errors.map(({ field, message }) => `${field}: ${message}`),
      ['status.observedGeneration: Invalid value: -1: must be greater than or equal to 0'],
    )
  })
}
