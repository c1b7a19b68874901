import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inDefault, startedApi } from '@reckon/api/fixture'
import { Objects } from '@reckon/domain'
import { createReader } from '@reckon/eventing'
import type { Pod } from '@reckon/kubernetes'
import { scheduleTerm } from '@reckon/scheduler/term'
import { Known, registerNode } from '@reckon/writing'
import { PodsEverCreated } from './pods-ever-created.ts'
import { replicateTerm } from './replicate-term.ts'

const seeds = [1, 2, 3, 4]
const objectsPerSeed = 60

/** Draws the same for the same seed (Park and Miller's minimal generator). */
function drawing(seed: number) {
  let state = seed * 7919
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % limit
  }
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T
  const maybe = (key: string, of: readonly unknown[]): object => {
    const value = one([undefined, ...of])
    return value === undefined ? {} : { [key]: value }
  }
  return { below, one, maybe }
}

const int32 = [0, 1, 2, 2_147_483_646, 2_147_483_647, -1]
const int64 = [...int32, 300_000_000_000, 9_000_000_000_000, Number.MAX_SAFE_INTEGER]
const counts = [0, 1, 3]
const amounts = [0, 1, 2_147_483_647, '0%', '1%', '100%', '100000%', '99999999999%']
const quantities = ['0', '1n', '1', '1e18', '9223372036854775807', '100000Ei', '-1', '0.0000001']

/** Objects that are valid or nearly so: every number at its type's bounds, the longest names, empty collections. */
function drawn(seed: number, index: number) {
  const { one, maybe, below } = drawing(seed * 1_000 + index)
  const name = one([`x${index}`, `${'a'.repeat(45)}${index}`, `${'b'.repeat(240)}${index}`])
  const labels = one([{ app: `x${index}` }, { app: `x${index}`, [`k${'e'.repeat(60)}`]: '' }])
  const probe = {
    exec: { command: one([[], ['true']]) },
    ...maybe('initialDelaySeconds', int32),
    ...maybe('periodSeconds', int32),
    ...maybe('timeoutSeconds', int32),
    ...maybe('failureThreshold', int32),
  }
  const podSpec = {
    ...maybe('terminationGracePeriodSeconds', int64),
    ...maybe('activeDeadlineSeconds', int64),
    ...maybe('priority', int32),
    ...maybe('nodeName', ['a', 'gone']),
    ...maybe('tolerations', [
      [],
      [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: one(int64) }],
    ]),
    ...maybe('nodeSelector', [{}, { a: 'b' }]),
    ...maybe('volumes', [[], [{ name: 'v', emptyDir: { sizeLimit: one(quantities) } }]]),
    ...maybe('affinity', [{}, { nodeAffinity: {} }]),
    containers: [
      {
        name: 'c',
        image: 'i',
        ...maybe('resources', [
          {},
          { requests: { cpu: one(quantities), memory: one(quantities) } },
        ]),
        ...maybe('readinessProbe', [probe]),
        ...maybe('ports', [[], [{ containerPort: one([1, 65_535]), hostPort: one([1, 65_535]) }]]),
        ...maybe('env', [[], [{ name: 'E', value: 'x'.repeat(5_000) }]]),
      },
    ],
  }
  const metadata = { name, labels, ...maybe('finalizers', [[]]), ...maybe('ownerReferences', [[]]) }
  const template = { metadata: { labels }, spec: podSpec }
  const selector = { matchLabels: labels, ...maybe('matchExpressions', [[]]) }
  const set = { replicas: one(counts), ...maybe('minReadySeconds', int32), selector, template }
  const port = () => ({ name: `p${below(9)}`, port: one([1, 65_535]), ...maybe('nodePort', int32) })
  return one([
    () => ({ path: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec } }),
    () => ({
      path: 'replicasets',
      body: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: set },
    }),
    () => ({
      path: 'deployments',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          ...set,
          ...maybe('revisionHistoryLimit', int32),
          ...maybe('progressDeadlineSeconds', int32),
          ...maybe('paused', [true]),
          strategy: { rollingUpdate: { maxSurge: one(amounts), maxUnavailable: one(amounts) } },
        },
      },
    }),
    () => ({
      path: 'services',
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: {
          ...maybe('type', ['ClusterIP', 'NodePort', 'LoadBalancer']),
          ...maybe('clusterIP', ['None', '10.96.255.254']),
          ...maybe('selector', [{}, labels]),
          ...maybe('sessionAffinityConfig', [{ clientIP: { timeoutSeconds: one(int32) } }]),
          ports: one([[port()], [port(), port()]]),
        },
      },
    }),
    () => ({
      path: 'configmaps',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...maybe('data', [{}, { '': '' }]) },
    }),
  ])()
}

for (const seed of seeds) {
  test(`extreme objects of seed ${seed} hold up neither controllers nor the scheduler`, async (t) => {
    const api = await startedApi()
    const stop = new AbortController()
    const { log, clock, ids, metrics } = api.ports
    const running = ['replicator', 'scheduler'].map(async (service) => {
      const objects = new Objects()
      const podsEverCreated = new PodsEverCreated()
      const reading = { log, clock, bus: api.hub.connect(service) }
      const reader = createReader(reading, [objects, podsEverCreated])
      const known = new Known(objects)
      const own = {
        ...reading,
        ids,
        objects,
        known,
        podsEverCreated,
        reader,
        ...(metrics && { metrics }),
      }
      const term = service === 'replicator' ? replicateTerm : scheduleTerm1
      await Promise.all([reader.run(stop.signal), term(own, stop.signal)])
    })
    t.after(async () => {
      stop.abort()
      await Promise.all(running)
      await api.close()
    })
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'a' },
      spec: {},
      status: {
        allocatable: { cpu: '1000', memory: '4000Gi', pods: '5000' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    } as const
    const origin = { actor: { user: 'system:node:a' }, verb: 'report' }
    const report = { type: 'Node', node: node as never, bootId: 'b', number: 1 } as const
    await registerNode(api.ports, { report, origin })

    const made: string[] = []
    for (let index = 0; index < objectsPerSeed; index++) {
      const { path, body } = drawn(seed, index)
      const { code, text } = await api.ask('POST', inDefault(path), { body })
      assert.ok(
        [201, 400, 403, 409, 422].includes(code),
        `${code} ${text}\n${JSON.stringify(body)}`,
      )
      if (code === 201) made.push(`${inDefault(path)}/${body.metadata.name}`)
    }
    assert.ok(made.length > objectsPerSeed / 12, `only ${made.length} were valid`)
    const sound = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'sound' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'sound' } },
        template: {
          metadata: { labels: { app: 'sound' } },
          spec: { containers: [{ name: 'c', image: 'i' }] },
        },
      },
    }
    for (const path of made.filter((_, index) => index % 2 === 0)) {
      const { code } = await api.ask('DELETE', path)
      assert.ok([200, 404].includes(code), `${code} DELETE ${path}`)
    }
    assert.equal((await api.ask('POST', inDefault('deployments'), { body: sound })).code, 201)
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      const placed = api.ports.objects
        .list<Pod>('pods', 'default')
        .filter(({ object }) => object.metadata.labels?.app === 'sound' && object.spec.nodeName)
      if (placed.length === 2) resolve()
    }
    t.after(api.ports.objects.subscribe(look))
    look()
    await promise
    for (const path of ['pods', 'deployments', 'replicasets', 'services']) {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
      assert.equal((await api.ask('GET', inDefault(path), { accept })).code, 200)
    }
    assert.deepEqual(api.errors, [])
    assert.doesNotMatch(await (metrics?.metrics() ?? ''), /^reckon_key_failures_total\{.*\} [1-9]/m)
  })
}

const scheduleTerm1 = (ports: Parameters<typeof scheduleTerm>[0], signal: AbortSignal) =>
  scheduleTerm(ports, 1, signal)
