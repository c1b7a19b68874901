import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deployment, inDefault, startedApi } from '../api.fixture.ts'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
})
after(() => api.close())

const pods = inDefault('pods')
const deployments = inDefault('deployments')
const field = 'spec.terminationGracePeriodSeconds'
const largest = '9223372036854775807'
const json = (name: string, grace: string) =>
  `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"},"spec":{"terminationGracePeriodSeconds":${grace},"containers":[{"name":"c","image":"i"}]}}`

/** Refused with 422, naming the field and the number as it was sent. */
const isRefused = (answer: Awaited<ReturnType<typeof api.ask>>, number = largest, at = field) => {
  assert.equal(answer.code, 422, answer.text)
  assert.ok(answer.json.message?.includes(`${at}: Invalid value: ${number}: must be`), answer.text)
  assert.equal(answer.json.details?.causes?.[0]?.field, at)
}

test('an integer that would be rounded is refused with its field, however it is sent', async () => {
  isRefused(await api.ask('POST', pods, { body: json('int64', largest) }))
  const yaml = `apiVersion: v1
kind: Pod
metadata: {name: int64}
spec: {terminationGracePeriodSeconds: ${largest}, containers: [{name: c, image: i}]}
`
  isRefused(await api.ask('POST', pods, { body: yaml, type: 'application/yaml' }))
  isRefused(
    await api.ask('POST', pods, { body: json('int64', '9007199254740992') }),
    '9007199254740992',
  )
})

test('the largest integer that a number holds is kept to the last digit', async () => {
  const answer = await api.ask('POST', pods, { body: json('kept', '9007199254740991') })
  assert.equal(answer.code, 201, answer.text)
  assert.match(answer.text, /"terminationGracePeriodSeconds":9007199254740991,/)
})

test('an integer beyond 64 bits, or with a fraction, is what Go cannot decode', async () => {
  for (const grace of ['9223372036854775808', '-9223372036854775809', '1.5']) {
    const answer = await api.ask('POST', pods, { body: json('go', grace) })
    assert.equal(answer.code, 400)
    const why = `json: cannot unmarshal number ${grace} into Go struct field PodSpec.${field} of type int64`
    assert.ok(answer.json.message?.endsWith(why), answer.text)
  }
})

test('patches round nothing either', async () => {
  const body = json('patched', '30')
  assert.equal((await api.ask('POST', pods, { body })).code, 201)
  const ask = (type: string, patch: string) =>
    api.ask('PATCH', `${pods}/patched`, { type: `application/${type}+json`, body: patch })
  const merge = `{"spec":{"terminationGracePeriodSeconds":${largest}}}`
  isRefused(await ask('merge-patch', merge))
  isRefused(await ask('strategic-merge-patch', merge))
  const path = '/spec/terminationGracePeriodSeconds'
  const operation = `[{"op":"replace","path":"${path}","value":${largest}}]`
  isRefused(await ask('json-patch', operation), largest, '[0].value')
})

test('options and scales are read by their schemas', async () => {
  await api.ask('POST', deployments, { body: deployment('scaled') })
  const scale = (replicas: string) => `{"kind":"Scale","spec":{"replicas":${replicas}}}`
  const ask = (replicas: string) =>
    api.ask('PUT', `${deployments}/scaled/scale`, { body: scale(replicas) })
  assert.equal((await ask('2147483648')).code, 400)
  assert.equal((await ask('1.5')).code, 400)
  assert.equal((await ask('2147483647')).code, 200)
  const type = 'application/merge-patch+json'
  const patched = await api.ask('PATCH', `${deployments}/scaled/scale`, {
    type,
    body: scale('2147483648'),
  })
  assert.equal(patched.code, 400, patched.text)
  const grace = (seconds: string) =>
    api.ask('DELETE', `${pods}/none`, { body: `{"gracePeriodSeconds":${seconds}}` })
  isRefused(await grace(largest), largest, 'gracePeriodSeconds')
  assert.equal((await grace('1.5')).code, 400)
  assert.equal((await grace('"1"')).code, 400)
})
