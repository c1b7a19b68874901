import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  type KubernetesObject,
  type Node,
  nodes,
} from '@reckon/kubernetes'
import { inBase64, requestOfJane, signingRequest } from '@reckon/kubernetes/fixture'
import { having } from '../admission/others.fixture.ts'
import {
  heldRequests,
  nodeAccesses,
  nodeNameProblem,
  nodeOfUser,
  promisedAccesses,
  requestedNode,
} from './node-access.ts'

/** Made by openssl with a key of Ed25519: O=system:nodes, CN=system:node:m1; and the same with CN=m1. */
const requestOfM1 = `-----BEGIN CERTIFICATE REQUEST-----
MIGvMGMCAQAwMDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRcwFQYDVQQDDA5zeXN0
ZW06bm9kZTptMTAqMAUGAytlcAMhAPlWLFA7Hzd7klgiz8wF+JTY28Qc3QWHeHwj
TNsH6vvcoAAwBQYDK2VwA0EAGLQ0PLrkhjdD1CsLn2FuP3nq8Rir6KCPtcp/ZqKS
qxPvXYWANfPI0X9z88VCnbEsErrGRK8DvkJR6HkUcHmbAw==
-----END CERTIFICATE REQUEST-----
`
const requestOfNobody = `-----BEGIN CERTIFICATE REQUEST-----
MIGjMFcCAQAwJDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMQswCQYDVQQDDAJtMTAq
MAUGAytlcAMhAPlWLFA7Hzd7klgiz8wF+JTY28Qc3QWHeHwjTNsH6vvcoAAwBQYD
K2VwA0EAfy1+E0rRaN4lPzGL52gBN66qXFcDDhQUQpVzBNPDIlgbYNgw4kneXC06
iR/v16GbeVlyqpiPvB0ugkQ5djPPCA==
-----END CERTIFICATE REQUEST-----
`

type Status = NonNullable<CertificateSigningRequest['status']>
const signerName = 'kubernetes.io/kube-apiserver-client-kubelet'
const approvedMs = Date.UTC(2026, 0, 1)
const yearMs = 365 * 24 * 3_600_000
const condition = (type: string) => ({
  ...{ type, status: 'True', lastUpdateTime: '2026-01-01T00:00:00Z' },
})
const granted: Status = { certificate: 'eA==', conditions: [condition('Approved')] }
const request = (
  status: Status = granted,
  { spec = {}, metadata = {} }: { spec?: object; metadata?: object } = {},
): CertificateSigningRequest => ({
  ...signingRequest({ signerName, request: inBase64(requestOfM1), ...spec }),
  metadata: { name: 'csr-m1', ...metadata },
  status,
})
const machine: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'm1', uid: 'u1' },
  spec: {},
}
const owner = (fields: object = {}) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'm1', uid: 'u1', ...fields }],
})

const holds = (
  asked: CertificateSigningRequest,
  nowMs = approvedMs,
  ...others: KubernetesObject[]
) => heldRequests(having([asked, ...others]), nowMs).length === 1

test('a user is a node by the name of its certificate', () => {
  assert.equal(nodeOfUser('system:node:m1'), 'm1')
  assert.equal(nodeOfUser('m1'), undefined)
})

test('a machine is called neither as a service of the cluster nor as no node can be', () => {
  assert.equal(nodeNameProblem('m1'), '')
  assert.match(nodeNameProblem('api'), /^the cluster has a service called api$/)
  assert.notEqual(nodeNameProblem('M1'), '')
})

test('a request of a node names it and its key; any other is none', () => {
  const asked = requestedNode(request())
  assert.equal(asked?.node, 'm1')
  assert.match(asked?.key ?? '', /^U[A-Z2-7]{55}$/)
  const none = [
    { signerName: 'kubernetes.io/kube-apiserver-client' },
    { request: inBase64(requestOfJane) },
    { request: inBase64(requestOfNobody) },
    { request: 'eA==' },
  ]
  for (const spec of none) assert.equal(requestedNode(request(granted, { spec })), undefined)
})

test('a request counts once it is granted, and about to once it is approved', () => {
  const approved = request({ conditions: [condition('Approved')] })
  assert.deepEqual([holds(request()), holds(approved)], [true, false])
  assert.equal(nodeAccesses(having([approved]), approvedMs).length, 0)
  const [promised] = promisedAccesses(having([approved]), approvedMs)
  assert.deepEqual([promised?.node, promised?.endsMs], ['m1', approvedMs + yearMs])
  assert.deepEqual(promisedAccesses(having([request({})]), approvedMs), [])
})

test('one that is denied, has failed or goes does not count', () => {
  for (const type of ['Denied', 'Failed']) {
    const conditions = [condition('Approved'), condition(type)]
    assert.equal(holds(request({ ...granted, conditions })), false, type)
  }
  const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.equal(holds(request(granted, { metadata })), false)
})

test('another signer lets nobody onto the wire', () => {
  const spec = { signerName: 'kubernetes.io/kube-apiserver-client' }
  assert.equal(holds(request(granted, { spec })), false)
})

test('it counts until its certificate ends: a year after its approval, or as long as it asks for', () => {
  assert.equal(holds(request(), approvedMs + yearMs - 1), true)
  assert.equal(holds(request(), approvedMs + yearMs), false)
  const asking = (expirationSeconds: number) => request(granted, { spec: { expirationSeconds } })
  assert.equal(holds(asking(3600), approvedMs + 3_599_999), true)
  assert.equal(holds(asking(3600), approvedMs + 3_600_000), false)
  assert.equal(holds(asking(9e9), approvedMs + yearMs), false, 'no longer than a year')
  const noted = { ...condition('Noted'), lastUpdateTime: '2001-01-01T00:00:00Z' }
  const conditions = [noted, condition('Approved')]
  assert.equal(holds(request({ ...granted, conditions })), true, 'from its approval')
  const undated = { ...granted, conditions: [{ type: 'Approved', status: 'True' }] }
  assert.equal(holds(request(undated), approvedMs + 9 * yearMs), true)
})

test('one that a Node owns counts as long as that very Node is there', () => {
  const owned = request(granted, { metadata: owner() })
  assert.equal(holds(owned, approvedMs, machine), true)
  assert.equal(holds(owned), false)
  const another = { ...machine, metadata: { name: 'm1', uid: 'u2' } }
  assert.equal(holds(owned, approvedMs, another), false)
  const ofSomethingElse = request(granted, { metadata: owner({ kind: 'Secret' }) })
  assert.equal(holds(ofSomethingElse), true)
})

test('of requests and Nodes the resources are told apart', () => {
  assert.deepEqual(
    [nodes.kind, certificateSigningRequests.kind],
    ['Node', 'CertificateSigningRequest'],
  )
  assert.equal(
    nodeAccesses(having([machine, request()]), approvedMs)[0]?.request.metadata.name,
    'csr-m1',
  )
})
