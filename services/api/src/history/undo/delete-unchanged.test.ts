import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps } from '@reckon/kubernetes'
import { changeObject } from '@reckon/writing'
import { configMap, inDefault, startedApi } from '../../api.fixture.ts'
import { deleteUnchanged } from './delete-unchanged.ts'

const target = { resource: configMaps, namespace: 'default', name: 'a' }
const origin = (user: string) => ({ actor: { user }, verb: 'update', correlationId: 'c' })

/** An object as it was planned to go, and how somebody changes it meanwhile. */
async function planned() {
  const api = await startedApi()
  await api.ask('POST', inDefault('configmaps'), { body: configMap('a') })
  await api.ports.reader.waitForHead(1000)
  const before = api.ports.objects.get(configMaps, 'default', 'a')?.object
  assert.ok(before)
  const change = (user: string) =>
    changeObject(api.ports, {
      ...{ target, origin: origin(user) },
      change: (object) => ({ ...object, data: { k: user } }),
    })
  const remove = () =>
    deleteUnchanged(api.ports, target, { planned: before, origin: origin('ada') })
  return { api, change, remove }
}

test('what a controller changed since the plan goes all the same', async (t) => {
  const { api, change, remove } = await planned()
  t.after(api.close)
  await change('system:controller:any')
  await remove()
  assert.equal((await api.ask('GET', `${inDefault('configmaps')}/a`)).code, 404)
})

test('what somebody changed since the plan stays', async (t) => {
  const { api, change, remove } = await planned()
  t.after(api.close)
  await change('bob')
  await assert.rejects(remove(), /was changed meanwhile; it stays/)
  assert.equal((await api.ask('GET', `${inDefault('configmaps')}/a`)).code, 200)
})
