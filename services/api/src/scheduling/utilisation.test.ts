import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registerNode } from '@reckon/writing'
import { inDefault, startedApi } from '../api.fixture.ts'
import { founder } from '../founding/founding.ts'

const root = '/apis/history.reckon.dev/v1'

let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  api = await startedApi()
  for (const [number, name] of ['a', 'b'].entries()) {
    const status = {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
    }
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status }
    const report = { type: 'Node', node, bootId: name, number: number + 1 } as const
    await registerNode(api.ports, { report, origin: founder })
  }
  await api.ports.reader.waitForHead(1000)
})
after(() => api.close())

async function asked<T>(method: string, path: string, body?: object): Promise<T> {
  const { code, text } = await api.ask(method, path, body ? { body } : {})
  assert.ok(code < 300, text)
  return JSON.parse(text)
}

/** A pod that stands on a node from the beginning. */
const create = (name: string, nodeName: string) =>
  asked<{ metadata: { resourceVersion: string } }>('POST', inDefault('pods'), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeName,
      containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '3' } } }],
    },
  })

type Use = { cpu: { requested: number; allocatable: number } }
type Answer = { all: Use; nodes: Record<string, Use> }
type Supposed = Record<'before' | 'after', { nodeName?: string; nodes: { node: string }[] }>

test('how much is asked for is told of all nodes and of each, now and then', async () => {
  const { position } = await asked<{ position: string }>('GET', `${root}/position`)
  await create('first', 'a')
  const now = await asked<Answer>('GET', `${root}/utilisation`)
  assert.deepEqual(now.all.cpu, { requested: 3000, allocatable: 8000 })
  assert.deepEqual(now.nodes.a?.cpu, { requested: 3000, allocatable: 4000 })
  const then = await asked<Answer>('GET', `${root}/utilisation?at=${position}`)
  assert.equal(then.all.cpu.requested, 0)
})

test('where a pod would go is told beside where it goes, at any moment, and nothing is recorded', async () => {
  const made = await create('moved', 'b')
  const at = made.metadata.resourceVersion
  const path = `${root}/namespaces/default/pods/moved/what-if`
  const head = (await asked<{ position: string }>('GET', `${root}/position`)).position
  const without = await asked<Supposed>('POST', path, { without: ['b'] })
  assert.deepEqual([without.before.nodeName, without.after.nodeName], ['b', undefined])
  const smaller = await asked<Supposed>('POST', path, { requests: { cpu: '1' }, without: ['b'] })
  assert.equal(smaller.after.nodeName, 'a')
  const more = await asked<Supposed>('POST', `${path}?at=${at}`, { another: 'a', without: ['b'] })
  assert.equal(more.after.nodeName, 'another-a')
  assert.equal((await asked<{ position: string }>('GET', `${root}/position`)).position, head)
})

test('what cannot be supposed is refused', async () => {
  const path = `${root}/namespaces/default/pods/moved/what-if`
  for (const [body, code] of [
    [{ requests: { cpu: 'much' } }, 400],
    [{ requests: { cpu: '-1' } }, 400],
    [{ requests: 'cpu' }, 400],
    [{ nodeSelector: { a: 1 } }, 400],
    [{ without: 'a' }, 400],
    [{ another: 7 }, 400],
    [{ another: 'x' }, 404],
  ] as const) {
    assert.equal((await api.ask('POST', path, { body })).code, code, JSON.stringify(body))
  }
  const gone = path.replace('moved', 'none')
  assert.equal((await api.ask('POST', gone, { body: {} })).code, 404)
})
