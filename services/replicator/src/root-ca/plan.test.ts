import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigMap, Namespace } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const namespace: Namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop' },
  spec: {},
}
const holding = (data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kube-root-ca.crt', namespace: 'shop' },
  data,
})

test('a living namespace has the authority, and it is put right', () => {
  const [step] = plan(namespace, undefined, 'PEM')
  assert.ok(step?.type === 'CreateConfigMap')
  assert.deepEqual(step.configMap.data, { 'ca.crt': 'PEM' })
  const forged = holding({ 'ca.crt': 'forged' })
  const data = { 'ca.crt': 'PEM' }
  assert.deepEqual(plan(namespace, forged, 'PEM'), [
    { type: 'ChangeConfigMap', current: forged, data },
  ])
  assert.deepEqual(plan(namespace, holding(data), 'PEM'), [])
})

test('nothing is made where a namespace terminates', () => {
  const metadata = { name: 'shop', deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.deepEqual(plan({ ...namespace, metadata }, undefined, 'PEM'), [])
})
