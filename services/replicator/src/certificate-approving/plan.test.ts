import assert from 'node:assert/strict'
import { test } from 'node:test'
import { promisedAccesses } from '@reckon/domain'
import type { CertificateSigningRequest, Node, PolicyRule } from '@reckon/kubernetes'
import { asReplicator, byAnotherKey, requestOfW1 } from '../node-access/request.fixture.ts'
import { plan } from './plan.ts'

const mayAsk = (...kinds: string[]): PolicyRule[] => [
  {
    apiGroups: ['certificates.k8s.io'],
    resources: kinds.map((kind) => `certificatesigningrequests/${kind}`),
    verbs: ['create'],
  },
]
const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' }, spec: {} }
const bootstrapper = { username: 'system:bootstrap:abcdef' }
const itself = { username: 'system:node:w1' }
const types = (request: CertificateSigningRequest, rules: PolicyRule[], of?: Node) =>
  plan(request, { rules, node: of, accesses: [] }).map(({ type }) => type)

test('a machine that joins gets its certificate where a role lets it, and a node its next one', () => {
  assert.deepEqual(types(requestOfW1('a', bootstrapper), mayAsk('nodeclient')), ['Approve'])
  assert.deepEqual(types(requestOfW1('a', bootstrapper), mayAsk('selfnodeclient')), [])
  assert.deepEqual(types(requestOfW1('a', itself), mayAsk('selfnodeclient'), node), ['Approve'])
  assert.deepEqual(types(requestOfW1('a', itself), mayAsk('nodeclient'), node), [])
})

test('the name of a node that is there is given to nobody else', () => {
  const known = { rules: mayAsk('nodeclient'), node, accesses: [] }
  const [step] = plan(requestOfW1('a', bootstrapper), known)
  assert.equal(step?.type, 'Deny')
  assert.match(step.message, /there is a node w1 already/)
})

test('of two machines of one name that join at once the first alone gets it', () => {
  const conditions = [{ type: 'Approved', status: 'True' }]
  const first = { ...requestOfW1('a', bootstrapper), status: { conditions } }
  const others = { get: () => undefined, list: () => [{ object: first }] as never }
  const known = { node: undefined, accesses: promisedAccesses(others, 0) }
  const second = requestOfW1('b', { ...bootstrapper, request: byAnotherKey })
  const [step] = plan(second, { ...known, rules: mayAsk('nodeclient') })
  assert.equal(step?.type, 'Deny')
  assert.match(step.message, /let in as w1 already: "kubectl delete csr a"/)
  const next = requestOfW1('b', { ...itself, request: byAnotherKey })
  const ofItself = plan(next, { ...known, rules: mayAsk('selfnodeclient') })
  assert.equal(ofItself[0]?.type, 'Approve')
  const again = plan(requestOfW1('b', bootstrapper), { ...known, rules: mayAsk('nodeclient') })
  assert.equal(again[0]?.type, 'Approve')
})

test('no node is called as a service of the cluster is', () => {
  const request = requestOfW1('a', { ...bootstrapper, request: asReplicator })
  assert.deepEqual(types(request, mayAsk('nodeclient')), [])
})

test('what is decided, of another signer, or for more than clients is left to others', () => {
  const rules = mayAsk('nodeclient')
  const conditions = [{ type: 'Denied', status: 'True' }]
  assert.deepEqual(types({ ...requestOfW1('a', bootstrapper), status: { conditions } }, rules), [])
  const other = { ...bootstrapper, signerName: 'kubernetes.io/kube-apiserver-client' }
  assert.deepEqual(types(requestOfW1('a', other), rules), [])
  const server = { ...bootstrapper, usages: ['server auth'] }
  assert.deepEqual(types(requestOfW1('a', server), rules), [])
})
