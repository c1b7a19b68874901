import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsFor } from '@reckon/domain'
import { layoutOf } from '../layout.ts'
import type { ClusterFile } from '../settings/cluster-file.ts'
import { processList } from './process-list.ts'

const cluster: ClusterFile = {
  id: 'c1',
  ports: { api: 1, eventStore: 2, nats: 3, ingressHttp: 4, ingressHttps: 5, registry: 6 },
  nodes: 1,
  runtime: 'simulated',
  dockerHost: '',
  passwords: {},
}
const components = {} as Parameters<typeof processList>[2]
const specsOf = (replicas?: ClusterFile['replicas']) =>
  processList(layoutOf('/data'), { ...cluster, ...(replicas && { replicas }) }, components)

test('a cluster has one of each service, and as many more as are asked for', () => {
  const names = (specs: readonly { name: string }[]) => specs.map(({ name }) => name)
  const one = ['event-store', 'api', 'scheduler', 'replicator', 'agent-simulated', 'proxy']
  assert.deepEqual(names(specsOf()), one)
  assert.deepEqual(names(specsOf({ api: 3, scheduler: 2 })), [
    ...['event-store', 'api', 'api-2', 'api-3', 'scheduler', 'scheduler-2'],
    ...['replicator', 'agent-simulated', 'proxy'],
  ])
})

test('who is one of several has its own state, health and name; the first is as one alone is', () => {
  const [alone, several] = [specsOf(), specsOf({ api: 2, scheduler: 2, replicator: 2 })]
  for (const service of ['api', 'scheduler', 'replicator']) {
    const of = (specs: typeof alone, name: string) => specs.find((spec) => spec.name === name)
    const { args = [], ...rest } = of(several, service) ?? {}
    const unshared = args.filter((arg) => arg !== '--share-port')
    assert.deepEqual({ ...rest, args: unshared }, of(alone, service))
    const [first, second] = [of(several, service), of(several, `${service}-2`)]
    assert.equal(second?.env.RECKON_DATA_DIR, `/data/processes/${service}-2`)
    assert.notEqual(second?.healthSocket, first?.healthSocket)
    assert.equal(second?.env.RECKON_NATS_USER, service)
  }
})

test('apis share their port and the memory of the founding; candidates are told apart by name', () => {
  const specs = specsOf({ api: 2, scheduler: 2, replicator: 2 })
  const args = (name: string) => specs.find((spec) => spec.name === name)?.args.join(' ') ?? ''
  for (const name of ['api', 'api-2']) assert.match(args(name), /--port 1 --share-port/)
  assert.match(args('api-2'), /--founding-memory \/data\/processes\/api\/founded/)
  for (const name of ['scheduler-2', 'replicator-2'])
    assert.ok(args(name).includes(`--name ${name}`))
})

test('what pods may use of memory is told to every agent, and not where nobody has said it', () => {
  const asked = { memoryCapacity: '4Gi', evictionHard: 'memory.available<5%' }
  const flags = ['--memory-capacity', '4Gi', '--eviction-hard', 'memory.available<5%']
  for (const [more, wanted] of [
    [asked, flags],
    [{}, []],
  ] as const) {
    const ofDocker = { ...cluster, nodes: 2, runtime: 'docker', ...more } as const
    const agents = processList(layoutOf('/data'), ofDocker, components).filter(({ name }) =>
      name.startsWith('agent-'),
    )
    for (const { args } of agents) {
      assert.deepEqual(
        flags.filter((each) => args.includes(each)),
        wanted,
      )
    }
  }
})

test('where logs are linked is told to every agent, and not where nobody has said it', () => {
  const ofDocker = { ...cluster, nodes: 2, runtime: 'docker' } as const
  const agentsOf = (asked: ClusterFile) =>
    processList(layoutOf('/data'), asked, components)
      .filter(({ name }) => name.startsWith('agent-'))
      .map(({ args }) => args.join(' ').match(/--log-dir (\S+)/)?.[1])
  assert.deepEqual(agentsOf({ ...ofDocker, logDir: '/var/log' }), ['/var/log', '/var/log'])
  assert.deepEqual(agentsOf(ofDocker), [undefined, undefined])
})

test('the settings of a cluster are told to its api only, which founds it with them', () => {
  const settings = settingsFor(300)
  const specs = processList(layoutOf('/data'), { ...cluster, nodes: 3, settings }, components)
  const args = specs.map(({ name, args }) => [name, args.join(' ')] as const)
  for (const [name, text] of args) {
    const isGiven = text.includes(settings.clusterCidr) && text.includes(settings.serviceCidr)
    assert.equal(isGiven, name === 'api', name)
    assert.ok(!/10\.(244|96)|cluster\.local/.test(name === 'api' ? '' : text), text)
  }
})

test('what nats-server and Envoy print stays in their logs: their lines are in no form of ours', () => {
  const found = { path: '/x', version: '1' }
  const specs = processList(layoutOf('/data'), cluster, { natsServer: found, envoy: found })
  const foreign = specs.filter(({ isForeign }) => isForeign).map(({ name }) => name)
  assert.deepEqual(foreign, ['nats', 'envoy'])
})
