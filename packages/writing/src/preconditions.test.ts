import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, isRefusal, StatusError } from '@reckon/kubernetes'
import { configMap, foundedCluster } from './cluster.fixture.ts'
import { checkPreconditions, isOfGone, type Preconditions } from './preconditions.ts'

async function refusalOf(
  wanted: (object: { uid: string; resourceVersion: string }) => Preconditions,
) {
  const stored = await (await foundedCluster()).create('configmaps', configMap('a'))
  const { uid = '', resourceVersion = '' } = stored.object.metadata
  try {
    const target = { resource: configMaps, namespace: 'default', name: 'a' }
    checkPreconditions(target, stored, wanted({ uid, resourceVersion }))
    return undefined
  } catch (error) {
    return error
  }
}

test('the very object and version that were meant are written', async () => {
  assert.equal(await refusalOf(() => ({})), undefined)
  assert.equal(await refusalOf((meant) => meant), undefined)
})

test('another version is a conflict, and the object is there still', async () => {
  const refusal = await refusalOf(({ uid }) => ({ uid, resourceVersion: '1' }))
  assert.ok(isRefusal(refusal, 'Conflict'))
  assert.ok(!isOfGone(refusal))
})

test('another uid is a conflict that tells that the object is gone', async () => {
  const refusal = await refusalOf(() => ({ uid: 'another' }))
  assert.ok(isRefusal(refusal, 'Conflict'))
  assert.ok(isOfGone(refusal))
  assert.match(String(refusal), /UID in precondition: another, UID in object meta: /)
})

test('what is not found is gone, too; what is refused otherwise is not', () => {
  assert.ok(isOfGone(new StatusError('NotFound', '')))
  assert.ok(!isOfGone(new StatusError('Forbidden', '')))
  assert.ok(!isOfGone(new Error()))
})
