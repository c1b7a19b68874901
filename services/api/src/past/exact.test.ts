import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMap, deployment, inDefault, startedApi } from '../api.fixture.ts'
import { fillWithChanges, writeHistory } from './past-history.fixture.ts'

type Api = Awaited<ReturnType<typeof startedApi>>

const namespaceOf = (name: string) => `/api/v1/namespaces/${name}`
const paths = [
  inDefault('configmaps'),
  inDefault('secrets'),
  inDefault('deployments'),
  '/apis/apps/v1/deployments',
  '/api/v1/namespaces',
]

/** Some more of what can happen to objects: applied by two managers, status, a namespace that goes. */
async function writeMore(api: Api, turn: number): Promise<void> {
  const path = `${inDefault('deployments')}/d${turn % 3}`
  const apply = (manager: string, replicas: number) =>
    api.ask('PATCH', `${path}?fieldManager=${manager}&force=true`, {
      type: 'application/apply-patch+yaml',
      body: deployment(`d${turn % 3}`, replicas),
    })
  await apply(turn % 2 === 0 ? 'one' : 'two', turn)
  const merge = 'application/merge-patch+json'
  await api.ask('PATCH', `${path}/status`, { type: merge, body: { status: { replicas: turn } } })
  if (turn % 4 === 3) await api.ask('DELETE', path)
  const name = `team-${turn % 2}`
  if (turn % 4 < 2) {
    await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name } } })
    const body = deployment('there')
    await api.ask('POST', `/apis/apps/v1/namespaces/${name}/deployments`, { body })
  } else await api.ask('DELETE', namespaceOf(name))
}

test('a list at exactly a version is what was live then, byte for byte, however old and since deleted', async (t) => {
  const api = await startedApi()
  t.after(api.close)
  const recorded: { path: string; version: string; text: string }[] = []
  for (let turn = 0; turn < 12; turn++) {
    await writeHistory(api, turn, 6)
    await writeMore(api, turn)
    for (const path of paths) {
      const { text, json } = await api.ask('GET', path)
      recorded.push({ path, version: json.metadata.resourceVersion ?? '', text })
    }
  }
  const check = async () => {
    for (const { path, version, text } of recorded) {
      const query = `resourceVersion=${version}&resourceVersionMatch=Exact`
      const then = await api.ask('GET', `${path}?${query}`)
      assert.equal(then.text, text, `${path} at ${version}`)
    }
  }
  await check()
  for (const path of paths.slice(0, 3)) await api.ask('DELETE', path)
  await api.ask('POST', inDefault('configmaps'), { body: configMap('c') })
  await fillWithChanges(api)
  await check()
  assert.ok(new Set(recorded.map(({ text }) => text)).size > recorded.length / 2)
})
