import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causeOf } from '@reckon/domain'
import { deployments, pods, replicaSets } from '@reckon/kubernetes'
import { createObject } from '@reckon/writing'
import { deployment, inDefault, startedApi } from '../api.fixture.ts'

type Api = Awaited<ReturnType<typeof startedApi>>
type Node = { type: string; tookMs?: number; children: Node[]; author: { position: string } }
type Answer = { causes: Node[]; roots: Node[] }

const history = '/apis/history.reckon.dev/v1'
const { spec } = deployment('web')

/** A Deployment, and what a controller made of it. */
async function followedApi(start: Parameters<typeof startedApi>[0] = {}) {
  const api = await startedApi(start)
  await api.ask('POST', inDefault('deployments'), { body: deployment('web') })
  const made = api.ports.objects.get(deployments, 'default', 'web')
  assert.ok(made)
  const controller = { actor: { user: 'system:controller:deployment-controller' }, verb: 'create' }
  const metadata = { name: 'web-1', namespace: 'default', labels: { app: 'web' } }
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec }
  const { event } = await createObject(api.ports, {
    ...{ resource: replicaSets, object: set },
    origin: { ...controller, cause: made.last },
  })
  assert.ok(event)
  for (const name of ['web-1-a', 'web-1-b']) {
    const pod = { apiVersion: 'v1', kind: 'Pod', spec: spec.template.spec }
    const origin = { ...controller, cause: causeOf(event) }
    const object = { ...pod, metadata: { ...metadata, name } }
    await createObject(api.ports, { resource: pods, object, origin })
  }
  await api.ports.reader.waitForHead(1000)
  return api
}

const told = async (api: Api, path: string): Promise<Answer> => {
  const { code, text } = await api.ask('GET', history + path)
  assert.equal(code, 200, text)
  return JSON.parse(text)
}

test('what followed from a request is told as a tree, and of an object how it came about', async (t) => {
  const api = await followedApi()
  t.after(api.close)
  await api.ask('POST', inDefault('deployments'), { body: deployment('other') })
  const { roots, causes } = await told(api, '/namespaces/default/pod/web-1-b/trace')
  const shape = ({ type, children }: Node): unknown => [type, children.map(shape)]
  assert.deepEqual(roots.map(shape), [
    [
      'DeploymentCreated',
      [
        [
          'ReplicaSetCreated',
          [
            ['PodCreated', []],
            ['PodCreated', []],
          ],
        ],
      ],
    ],
  ])
  const way = ['DeploymentCreated', 'ReplicaSetCreated', 'PodCreated']
  assert.deepEqual(
    causes.map(({ type }) => type),
    way,
  )
  assert.ok((roots[0]?.children[0]?.tookMs ?? -1) >= 0)
  const position = roots[0]?.children[0]?.author.position ?? ''
  assert.deepEqual((await told(api, `/trace?position=${position}`)).roots, roots)
  assert.equal((await told(api, '/namespaces/default/deploy/other/trace')).roots.length, 1)
  assert.equal((await api.ask('GET', `${history}/trace`)).code, 400)
})

test('who may not read the past of one of them is told none of it', async (t) => {
  const eve = { name: 'eve', groups: ['system:authenticated'] }
  const api = await followedApi({
    authorizer: ({ user, verb, ...access }) =>
      user !== eve || verb !== 'past' || ('resource' in access && access.resource.plural !== 'pods')
        ? 'allowed'
        : 'no opinion',
  })
  t.after(api.close)
  const path = `${history}/namespaces/default/deploy/web/trace`
  const { code, json } = await api.ask('GET', path, { user: eve })
  assert.equal(code, 403)
  assert.match(json.message ?? '', /cannot past resource "pods"/)
})
