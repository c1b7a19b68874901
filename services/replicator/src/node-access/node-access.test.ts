import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeAccesses } from '@reckon/domain'
import {
  type CertificateSigningRequest,
  certificateSigningRequests as resource,
} from '@reckon/kubernetes'
import { createObject } from '@reckon/writing'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'
import { requestOfW1 } from './request.fixture.ts'
import type { JoinedNode } from './wire-access.ts'

const certificate = '-----BEGIN CERTIFICATE-----\neA==\n-----END CERTIFICATE-----\n'
const clientSigner = { endsMs: Number.POSITIVE_INFINITY, sign: async () => certificate }
const bootstrapper = { user: 'system:bootstrap:abcdef', groups: ['system:bootstrappers'] }
const rbac = 'rbac.authorization.k8s.io'
const may = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRole',
  metadata: { name: 'joins' },
  rules: [
    {
      apiGroups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests/nodeclient'],
      verbs: ['create'],
    },
  ],
}
const bound = {
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'joins' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'joins' },
  subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:bootstrappers' }],
}

test('a machine is let onto the wire by its certificate, until the node that it became is gone', async (t) => {
  const cluster = await startedCluster(t)
  let letIn: readonly JoinedNode[] = []
  const wireAccess = {
    replace: async (nodes: readonly JoinedNode[]) => {
      letIn = nodes
    },
  }
  const ports = { ...cluster.ports, clientSigner, wireAccess }
  cluster.start((signal) => replicateTerm(ports, signal))
  await cluster.create(may)
  await cluster.create(bound)
  const ask = async (name: string) => {
    const origin = { actor: bootstrapper, verb: 'create' }
    const asked = { resource, object: requestOfW1(name), origin }
    await createObject(cluster.ports, asked)
  }
  const request = (name: string) =>
    cluster
      .list<CertificateSigningRequest>('CertificateSigningRequest')
      .find(({ object }) => object.metadata.name === name)?.object

  await ask('first')
  await cluster.until('it is issued', () => Boolean(request('first')?.status?.certificate))
  const until = async (what: string, holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.ok(holds(), what)
  }
  await until('it is let in', () => letIn.length === 1)
  assert.equal(letIn[0]?.node, 'w1')
  assert.match(letIn[0]?.key ?? '', /^U[A-Z2-7]{55}$/)

  await cluster.node('w1')
  const owner = () => request('first')?.metadata.ownerReferences?.[0]
  await cluster.until('it goes with the node', () => owner()?.name === 'w1')
  await ask('second')
  const decision = () => request('second')?.status?.conditions?.[0]
  await cluster.until('it is denied', () => decision()?.type === 'Denied')

  await cluster.remove('Node', 'w1')
  await until('it is let in no more', () => letIn.length === 0)
  await cluster.until('its request is gone', () => request('first') === undefined)
})

test('access ends with the certificate, a deletion, a withdrawal, or its node', () => {
  const approvedAt = '2026-01-01T00:00:00Z'
  const fromMs = Date.parse(approvedAt)
  const conditions = [{ type: 'Approved', status: 'True', lastUpdateTime: approvedAt }]
  const granted: CertificateSigningRequest = {
    ...requestOfW1('a', { expirationSeconds: 3600 }),
    status: { conditions, certificate: 'eA==' },
  }
  const held = (object: CertificateSigningRequest, nowMs = fromMs) =>
    nodeAccesses({ get: () => undefined, list: () => [{ object }] as never }, nowMs).length
  assert.equal(held(granted), 1)
  assert.equal(held(granted, fromMs + 3_600_000), 0)
  assert.equal(held({ ...granted, status: { conditions } }), 0)
  const denied = [...conditions, { type: 'Denied', status: 'True' }]
  assert.equal(held({ ...granted, status: { ...granted.status, conditions: denied } }), 0)
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: 'w1', uid: 'gone' }]
  assert.equal(held({ ...granted, metadata: { name: 'a', ownerReferences } }), 0)
})
