import { createMetrics, gaugeIn, histogramIn, type Metrics } from '@reckon/process'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { certificateEndMs } from '../access/client-certificate.ts'
import type { ApiPorts } from '../ports.ts'
import { requestDurations } from './request-durations.ts'
import { isLongRunning, type RequestInfo, requestInfoOf } from './request-info.ts'

/** A request that is under way. */
type Begun = { beganMs: number; about: RequestInfo; kind: RequestKind }
type RequestKind = 'mutating' | 'readOnly' | 'longRunning'

/** From half an hour to a year, as upstream. */
const lifetimes = [0, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800].concat([
  2_592_000, 7_776_000, 15_552_000, 31_104_000,
])

/** Measures every request under kube-apiserver's names. */
export function measureRequests(
  app: FastifyInstance,
  { clock, objects, metrics = createMetrics() }: Pick<ApiPorts, 'clock' | 'objects' | 'metrics'>,
): void {
  const durations = requestDurations(metrics)
  const begun = new WeakMap<object, Begun>()
  const underWay = new Set<Begun>()
  measureUnderWay(metrics, underWay)
  const lifetime = histogramIn(metrics, {
    name: 'apiserver_client_certificate_expiration_seconds',
    help: 'For how long the certificates still hold by which requests were authenticated',
    buckets: lifetimes,
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const about = requestInfoOf(objects.resources, request.method, request.url)
    const each = { beganMs: clock.now(), about, kind: kindOf(request, about) }
    begun.set(request, each)
    underWay.add(each)
    const endMs = certificateEndMs(request)
    if (endMs !== undefined) lifetime.observe((endMs - each.beganMs) / 1000)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const each = begun.get(request)
    const about = each?.about ?? requestInfoOf(objects.resources, request.method, request.url)
    if (each !== undefined) underWay.delete(each)
    const { statusCode } = reply.raw
    const seconds = each ? (clock.now() - each.beganMs) / 1000 : 0
    durations.observe(about, { seconds, code: statusCode, isLong: each?.kind === 'longRunning' })
    done()
  })
}

const kindOf = ({ method }: FastifyRequest, about: RequestInfo): RequestKind => {
  if (isLongRunning(about)) return 'longRunning'
  return method === 'GET' || method === 'HEAD' ? 'readOnly' : 'mutating'
}

/** What is under way is counted when somebody asks. */
function measureUnderWay(metrics: Metrics, underWay: ReadonlySet<Begun>): void {
  gaugeIn(metrics, {
    name: 'apiserver_current_inflight_requests',
    help: 'Requests that are not answered yet, but for those that last as long as somebody looks on',
    labelNames: ['request_kind'],
    collect() {
      for (const kind of ['mutating', 'readOnly'] as const) this.set({ request_kind: kind }, 0)
      for (const { kind } of underWay) if (kind !== 'longRunning') this.inc({ request_kind: kind })
    },
  })
  gaugeIn(metrics, {
    name: 'apiserver_longrunning_requests',
    help: 'Requests that last as long as somebody looks on: watches, logs, commands',
    labelNames: ['verb', 'group', 'version', 'resource', 'subresource', 'scope'],
    collect() {
      this.reset()
      for (const { kind, about } of underWay) if (kind === 'longRunning') this.inc(about)
    },
  })
}
