import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { runAgent } from '@reckon/agent/run'
import { createSimulatedDialer } from '@reckon/agent/simulated-dialer'
import { createSimulatedDisk } from '@reckon/agent/simulated-disk'
import { createSimulatedRuntime } from '@reckon/agent/simulated-runtime'
import { deployment, inDefault, startedApi } from '@reckon/api/fixture'
import { serveNodes } from '@reckon/api/serve-nodes'
import { Objects, type StoredObject } from '@reckon/domain'
import { createReader } from '@reckon/eventing'
import { nodes, type Pod, pods } from '@reckon/kubernetes'
import { nodeCredentials } from '@reckon/node-plane'
import { createNodeSealing, drawNodeKey, runTogether } from '@reckon/process'
import { scheduleTerm } from '@reckon/scheduler/term'
import { RecordedPolicies } from '@reckon/scheduling'
import { WriterView } from '@reckon/writing'
import { extremeClasses, extremeObject, extremePod } from './extreme-objects.fixture.ts'
import { PodsEverCreated } from './ownership/pods-ever-created.ts'
import { replicateTerm } from './replicate-term.ts'

const seeds = [1, 2, 3, 4]
const objectsPerSeed = 60
const podsPerSeed = 30
const nodeName = 'a'

type Dialer = Parameters<typeof runAgent>[0]['dialer']
type Api = Awaited<ReturnType<typeof startedApi>>

/** A service that works for a whole term, with views of its own. */
function termOf(api: Api, service: 'replicator' | 'scheduler', signal: AbortSignal) {
  const { log, clock, ids, metrics } = api.ports
  const objects = new Objects()
  const podsEverCreated = new PodsEverCreated()
  const reading = { log, clock, bus: api.hub.connect(service) }
  const reader = createReader(reading, [objects, podsEverCreated])
  const views = { objects, known: new WriterView(objects), podsEverCreated, reader }
  const ports = { ...reading, ...views, ids, ...(metrics && { metrics }) }
  return runTogether(signal, [
    (ended) => reader.run(ended),
    (ended) =>
      service === 'replicator'
        ? replicateTerm({ ...ports, rootCa: 'PEM' }, ended)
        : scheduleTerm({ ...ports, policies: new RecordedPolicies() }, 1, ended),
  ])
}

/** A dialer that counts what it is asked. */
function countingDialer() {
  const dialer = createSimulatedDialer()
  let asked = 0
  return {
    get asked() {
      return asked
    },
    http: (...of: Parameters<typeof dialer.http>) => {
      asked++
      return dialer.http(...of)
    },
    connect: (...of: Parameters<typeof dialer.connect>) => {
      asked++
      return dialer.connect(...of)
    },
    grpc: dialer.grpc,
    open: dialer.open,
  }
}

/** The agent of a machine that is only simulated. */
function agentOf(api: Api, dialer: Dialer, signal: AbortSignal): Promise<void> {
  const { clock, ids, metrics, objects, logger } = api.ports
  const ports = {
    clock,
    ids,
    bus: api.hub.connect(undefined, nodeCredentials(nodeName)),
    streams: api.hub.connect(undefined, nodeCredentials(nodeName)),
    runtime: createSimulatedRuntime({ clock, ids }, { cpus: 1_000, memoryBytes: 2 ** 42 }),
    disk: createSimulatedDisk(),
    nodeKey: drawNodeKey(randomBytes),
    dialer,
    log: logger,
    ...(metrics && { metrics }),
  }
  const configuration = {
    nodeName,
    clusterId: objects.cluster?.cluster ?? '',
    nodeIP: () => '192.0.2.1',
    machineId: 'machine',
    machineBootId: 'boot',
    pauseImage: 'pause:1',
    stopPodsOnExit: false,
  }
  return runAgent(ports, configuration, signal)
}

const classesPath = '/apis/scheduling.k8s.io/v1/priorityclasses'

const conditionOf = (type: string, { status }: { status?: Pod['status'] }) =>
  status?.conditions?.find((each) => each.type === type)?.status

for (const seed of seeds) {
  test(`extreme objects of seed ${seed} hold up neither controllers, the scheduler nor agents`, async (t) => {
    const api = await startedApi()
    api.ports.nodeSealing = createNodeSealing()
    const { objects, metrics } = api.ports
    const dialer = countingDialer()
    const stop = new AbortController()
    const running = runTogether(stop.signal, [
      (ended) => serveNodes(api.ports, ended),
      (ended) => termOf(api, 'replicator', ended),
      (ended) => termOf(api, 'scheduler', ended),
      (ended) => agentOf(api, dialer, ended),
    ])
    t.after(async () => {
      stop.abort()
      // What ended one of them has failed the test already.
      await Promise.allSettled([running])
      await api.close()
    })
    const until = async (isSo: () => boolean): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => isSo() && resolve()
      const end = objects.subscribe(look)
      look()
      await Promise.race([promise, running])
      end()
    }
    await until(() => {
      const node = objects.get(nodes, '', nodeName)?.object
      return node?.spec?.podCIDR !== undefined && conditionOf('Ready', node as Pod) === 'True'
    })

    for (const body of extremeClasses) {
      const { code, text } = await api.ask('POST', classesPath, { body })
      assert.equal(code, 201, text)
    }
    const made: string[] = []
    const make = async (path: string, body: { metadata: { name: string } }) => {
      const { code, text } = await api.ask('POST', inDefault(path), { body })
      const allowed = [201, 400, 403, 409, 422]
      assert.ok(allowed.includes(code), `${code} ${text}\n${JSON.stringify(body)}`)
      if (code === 201) made.push(`${inDefault(path)}/${body.metadata.name}`)
      return `${code} ${text}`
    }
    for (let index = 0; index < objectsPerSeed; index++) {
      const { path, body } = extremeObject(seed, index)
      await make(path, body)
    }
    assert.ok(made.length > objectsPerSeed / 12, `only ${made.length} were valid`)
    const beganMs = Date.now()
    for (let index = 0; index < podsPerSeed; index++) {
      assert.match(await make('pods', extremePod(seed, index, nodeName)), /^201/)
    }
    const isReported = ({ object: { spec, status } }: StoredObject<Pod>) =>
      spec.nodeName !== nodeName || status?.startTime !== undefined || status?.phase === 'Failed'
    await until(() => objects.list(pods, 'default').every(isReported))
    for (const path of made.filter((_, index) => index % 2 === 0)) {
      const { code } = await api.ask('DELETE', path)
      assert.ok([200, 404].includes(code), `${code} DELETE ${path}`)
    }

    const body = deployment('sound', 2)
    assert.equal((await api.ask('POST', inDefault('deployments'), { body })).code, 201)
    const ready = () =>
      objects
        .list(pods, 'default')
        .flatMap(({ object }) => (object.metadata.labels?.app === 'sound' ? [object] : []))
        .filter((pod) => conditionOf('Ready', pod) === 'True')
    await until(() => ready().length === 2)
    const { name, uid } = ready()[0]?.metadata ?? {}
    assert.equal((await api.ask('DELETE', `${inDefault('pods')}/${name}`)).code, 200)
    const isGone = () => objects.get(pods, 'default', `${name}`)?.object.metadata.uid !== uid
    await until(() => isGone() && ready().length === 2)

    // Each probe and hook once, and probes again every 10 s at most: none sleeps for too long to be slept.
    const asksMax = podsPerSeed * 3 * (1 + (Date.now() - beganMs) / 10_000)
    assert.ok(dialer.asked <= asksMax, `containers were asked ${dialer.asked} times`)
    for (const path of ['pods', 'deployments', 'replicasets', 'services']) {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
      assert.equal((await api.ask('GET', inDefault(path), { accept })).code, 200)
    }
    assert.deepEqual(api.errors, [])
    stop.abort()
    await running
    assert.doesNotMatch(await (metrics?.metrics() ?? ''), /^reckon_key_failures_total\{.*\} [1-9]/m)
  })
}
