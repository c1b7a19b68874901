import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CertificateSigningRequest } from '@reckon/kubernetes'
import { signingRequest } from '@reckon/kubernetes/fixture'
import { startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const statusOf = ({ json }: { json: object }) => (json as CertificateSigningRequest).status
const approved = { type: 'Approved', status: 'True', reason: 'KubectlApprove' }

test('a request is approved below its approval alone, and what was said of it stands', async () => {
  const created = await api.ask('POST', path, { body: signingRequest() })
  assert.equal(created.code, 201, created.text)
  assert.equal((created.json.spec as { username: string }).username, 'ada')
  const withStatus = (status: object) => ({ ...created.json, status })
  const below = `${path}/jane`
  const elsewhere = await api.ask('PUT', `${below}/status`, {
    body: withStatus({ conditions: [approved] }),
  })
  assert.equal(statusOf(elsewhere)?.conditions, undefined)
  const { json } = await api.ask('GET', below)
  const body = { ...json, status: { conditions: [approved], certificate: 'eA==' } }
  const put = await api.ask('PUT', `${below}/approval`, { body })
  assert.equal(put.code, 200, put.text)
  assert.equal(statusOf(put)?.certificate, undefined)
  assert.ok(statusOf(put)?.conditions?.[0]?.lastUpdateTime)
  const type = 'application/merge-patch+json'
  const unsaid = await api.ask('PATCH', `${below}/approval`, {
    type,
    body: { status: { conditions: null } },
  })
  assert.equal(unsaid.code, 422)
  assert.match(unsaid.text, /updates may not remove a condition of type \\"Approved\\"/)
  const both = await api.ask('PATCH', `${below}/approval`, {
    type,
    body: { status: { conditions: [approved, { ...approved, type: 'Denied' }] } },
  })
  assert.match(both.text, /mutually exclusive/)
  assert.deepEqual(statusOf(await api.ask('GET', `${below}/approval`)), statusOf(put))
  const spec = await api.ask('PATCH', below, { type, body: { spec: { usages: ['any'] } } })
  assert.match(spec.text, /field is immutable/)
  const events = await Array.fromAsync(
    api.ports.log.readStream('certificatesigningrequests.certificates.k8s.io-/jane'),
  )
  assert.deepEqual(
    events.map(({ type }) => type),
    ['CertificateSigningRequestCreated', 'CertificateSigningRequestApproved'],
  )
})
