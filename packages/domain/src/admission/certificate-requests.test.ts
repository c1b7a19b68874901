import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type CertificateSigningRequest,
  type PolicyRule,
  certificateSigningRequests as resource,
} from '@reckon/kubernetes'
import { inBase64, requestOfAdministrator, signingRequest } from '@reckon/kubernetes/fixture'
import type { Write } from './admission.ts'
import { certificateRequests } from './certificate-requests.ts'
import { having } from './others.fixture.ts'

const ids = { next: () => 'id', below: () => 0 }
const jane = { user: 'jane', groups: ['system:authenticated'] }
const object: CertificateSigningRequest = signingRequest()
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }

const admit = (write: Partial<Write>, ...rules: PolicyRule[]) =>
  certificateRequests.admit({ resource, object, actor: jane, ...write }, having([], rules))

test('who asks is who sent the request, whatever it says', () => {
  const forged = signingRequest({ username: 'admin', groups: ['system:masters'], uid: 'x' })
  const write = { resource, object: forged, actor: jane }
  const made = certificateRequests.mutate(write, having(), ids) as CertificateSigningRequest
  assert.deepEqual(
    [made.spec.username, made.spec.groups, made.spec.uid],
    ['jane', ['system:authenticated'], undefined],
  )
})

test('nobody asks to become an administrator', () => {
  admit({})
  const asked = signingRequest({ request: inBase64(requestOfAdministrator) })
  assert.throws(() => admit({ object: asked }), {
    reason: 'Forbidden',
    message: /use of kubernetes.io\/kube-apiserver-client signer with system:masters group/,
  })
})

test('who approves or signs may act for the signer, by its name or by all of its domain', () => {
  const rule = (verbs: string[], ...resourceNames: string[]): PolicyRule => ({
    apiGroups: ['certificates.k8s.io'],
    resources: ['signers'],
    verbs,
    resourceNames,
  })
  const approval = { before: object, subresource: 'approval' } as const
  const refused = /user not permitted to approve requests with signerName "kubernetes.io\/kube-/
  assert.throws(() => admit(approval), { reason: 'Forbidden', message: refused })
  assert.throws(() => admit(approval, rule(['sign'], 'kubernetes.io/*')), { message: refused })
  admit(approval, rule(['approve'], 'kubernetes.io/*'))
  admit(approval, rule(['approve'], 'kubernetes.io/kube-apiserver-client'))
  admit({ ...approval, actor: { user: 'ada', groups: ['system:masters'] } })
  const signed = { ...object, status: { certificate: 'eA==' } }
  const status = { object: signed, before: object, subresource: 'status' } as const
  assert.throws(() => admit(status), { message: /not permitted to sign/ })
  admit(status, rule(['sign'], 'kubernetes.io/*'))
  admit({ ...status, object })
})

test('who is in no group is named alone; who a request names stays when it changes', () => {
  const mutate = (write: Partial<Write>) =>
    certificateRequests.mutate({ resource, object, ...write }, having(), ids)
  const { spec } = mutate({ actor: { user: 'jane' } }) as CertificateSigningRequest
  assert.deepEqual(spec, { ...object.spec, username: 'jane' })
  assert.equal(mutate({ before: object, actor: jane }), object)
  assert.equal(mutate({ object: configMap, actor: jane }), configMap)
})

test('to say that a request failed is for who may sign; to repeat it is not', () => {
  const failed = { ...object, status: { conditions: [{ type: 'Failed', status: 'True' }] } }
  const denied = { ...object, status: { conditions: [{ type: 'Denied', status: 'True' }] } }
  const write = { object: failed, before: object, subresource: 'status' } as const
  assert.throws(() => admit(write), { message: /not permitted to sign/ })
  admit({ ...write, before: failed })
  admit({ ...write, object: denied })
})

test('nothing is asked of who changes no status, of other signers, and of other kinds', () => {
  const signed = { ...object, status: { certificate: 'eA==' } }
  admit({ object: signed, before: object })
  admit({
    object: signingRequest({
      request: inBase64(requestOfAdministrator),
      signerName: 'example.com/own',
    }),
  })
  admit({ object: configMap })
})
