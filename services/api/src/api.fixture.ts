import { defaultSettings, Objects } from '@reckon/domain'
import { createFollower, type EventLog, type Ids, type LogIndex, Relay } from '@reckon/eventing'
import {
  createMemoryEventLog,
  createMemoryHub,
  createMemoryTokenKey,
} from '@reckon/eventing/memory'
import {
  type EndpointSlice,
  endpointSlices,
  isRefusal,
  type KubernetesObject,
  type Service,
  type Status,
  services,
} from '@reckon/kubernetes'
import { createMetrics, systemClock, systemIds } from '@reckon/process'
import { createVault } from '@reckon/process/trusted'
import { createObject, WriterView } from '@reckon/writing'
import type { Authenticator, User } from './access/authenticator.ts'
import type { Authorizer } from './access/authorizer.ts'
import { createApi, type Tls } from './create-api.ts'
import { found, founder } from './founding/founding.ts'
import { Heartbeats } from './node-plane/heartbeats.ts'
import type { PastFolds } from './past/past-folds.ts'
import type { NodePlanePorts } from './ports.ts'

const admin: User = { name: 'ada', groups: ['system:masters', 'system:authenticated'] }

type Asked = { body?: unknown; type?: string; accept?: string; user?: User }

/** What a request got; `json` is the answer's object, `lines` a watch's events. */
export type Answer = {
  code: number
  headers: Record<string, unknown>
  text: string
  json: KubernetesObject & Status & { items: KubernetesObject[] }
  lines: { type: string; object: KubernetesObject }[]
}

/** Which log the api is over, and by how much later it hears of what is recorded; with Infinity it has to read it. */
type Start = {
  tls?: Tls
  over?: EventLog
  lagMs?: number
  ids?: Ids
  index?: LogIndex
  pastFoldsOf?(objects: Objects): PastFolds
  authenticator?: Authenticator
  authorizer?: Authorizer
}

/** The Service under which pods find the api, as the replicator makes it. */
const kubernetes: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default' },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
}

const kubernetesSlice: EndpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    ...{ name: 'kubernetes', namespace: 'default' },
    labels: { 'kubernetes.io/service-name': 'kubernetes' },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['192.0.2.1'], conditions: { ready: true } }],
  ports: [{ name: 'https', protocol: 'TCP', port: 6443 }],
}

/** An api of a founded cluster over the memory twins. Ask it as the admin, unless as someone else. */
export async function startedApi(start: Start = {}) {
  let user = admin
  const {
    tls,
    over,
    lagMs = 0,
    ids = systemIds,
    index,
    pastFoldsOf,
    authorizer,
    authenticator = () => user,
  } = start
  const stop = new AbortController()
  const hub = createMemoryHub()
  const objects = new Objects(createVault(new Uint8Array(32)))
  const log = over ?? createMemoryEventLog()
  const common = {
    bus: hub.connect('api'),
    streams: hub.connect('streams of api'),
    clock: systemClock,
    ids,
  }
  const followed = lagMs === 0 ? log : trailing(log, lagMs)
  const reader = createFollower({ ...common, log: followed }, [objects])
  const relay = new Relay({ ...common, reader })
  const errors: unknown[] = []
  const warnings: unknown[] = []
  const logger = {
    info() {},
    warn: (fields: object) => warnings.push(fields),
    error: (fields: object) => errors.push(fields),
  }
  const known = new WriterView(objects)
  const metrics = createMetrics()
  const kept = { objects, known, reader, relay, tokenKey: createMemoryTokenKey() }
  const heartbeats = new Heartbeats(common)
  const ports: NodePlanePorts = {
    ...common,
    log,
    ...kept,
    logger,
    metrics,
    heartbeats,
    ...(index && { index }),
    ...(pastFoldsOf && { pastFolds: pastFoldsOf(objects) }),
  }
  const who = tls ? { tls } : { authenticator }
  const app = createApi(ports, { ...who, ...(authorizer && { authorizer }) })
  const routes: { method: string; url: string }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, url })
  })
  const loops = [reader.run(stop.signal), relay.run(stop.signal)]
  await reader.ready
  await found(ports, defaultSettings)
  const ofKubernetes = [
    { resource: services, object: kubernetes },
    { resource: endpointSlices, object: kubernetesSlice },
  ]
  for (const each of ofKubernetes) {
    await createObject(ports, { ...each, origin: founder }).catch((error) => {
      // Another api over the same log was first.
      if (!isRefusal(error, 'AlreadyExists')) throw error
    })
  }

  const ask = async (method: string, url: string, asked: Asked = {}): Promise<Answer> => {
    user = asked.user ?? admin
    const { body, type = 'application/json', accept = 'application/json' } = asked
    const payload = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = { accept, 'user-agent': 'test/1', ...(type && { 'content-type': type }) }
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(body !== undefined && { payload }),
    })
    const lines = () =>
      response.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    return {
      code: response.statusCode,
      headers: response.headers,
      text: response.body,
      get json() {
        return response.json()
      },
      get lines() {
        return lines()
      },
    }
  }
  const close = async () => {
    await app.close()
    stop.abort()
    await Promise.all(loops)
  }
  return { ask, app, ports, hub, errors, warnings, routes, close }
}

/** The log, of which what is recorded is heard so much later. */
const trailing = (log: EventLog, lagMs: number): EventLog => ({
  ...log,
  async *follow(after, signal) {
    for await (const next of log.follow(after, signal)) {
      if ('id' in next) await systemClock.sleep(lagMs, signal)
      if (signal.aborted) return
      yield next
    }
  },
})

export const configMap = (name: string, extra: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...extra },
  data: { k: 'v' },
})

export const deployment = (name: string, replicas = 1) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    },
  },
})

/** The namespace default's path for a resource of the first group, or of apps. */
export const inDefault = (plural: string): string =>
  plural === 'deployments' || plural === 'replicasets'
    ? `/apis/apps/v1/namespaces/default/${plural}`
    : `/api/v1/namespaces/default/${plural}`
