import { createMetrics, gaugeIn, histogramIn, type Metrics } from '@reckon/process'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { certificateEndMs } from '../access/client-certificate.ts'
import type { ApiPorts } from '../ports.ts'
import { requestDurations } from './request-durations.ts'
import { isLongRunning, type RequestInfo, requestInfoOf } from './request-info.ts'

/** A request in progress. */
type Begun = { beganMs: number; about: RequestInfo; kind: RequestKind }
type RequestKind = 'mutating' | 'readOnly' | 'longRunning'

/** From half an hour to a year, as upstream. */
const lifetimes = [0, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800].concat([
  2_592_000, 7_776_000, 15_552_000, 31_104_000,
])

/** Measures every request under kube-apiserver's metric names. */
export function measureRequests(
  app: FastifyInstance,
  { clock, objects, metrics = createMetrics() }: Pick<ApiPorts, 'clock' | 'objects' | 'metrics'>,
): void {
  const durations = requestDurations(metrics)
  const begun = new WeakSet<object>()
  const underWay = new Set<Begun>()
  measureUnderWay(metrics, underWay)
  const lifetime = histogramIn(metrics, {
    name: 'apiserver_client_certificate_expiration_seconds',
    help: 'For how long the certificates still hold by which requests were authenticated',
    buckets: lifetimes,
  })
  const end = (each: Begun, code: number | undefined) => {
    if (!underWay.delete(each) || code === undefined) return
    const seconds = (clock.now() - each.beganMs) / 1000
    durations.observe(each.about, { seconds, code, isLong: each.kind === 'longRunning' })
  }
  app.addHook('onRequest', (request, reply, done) => {
    const about = requestInfoOf(objects.resources, request.method, request.url)
    const each = { beganMs: clock.now(), about, kind: kindOf(request, about) }
    begun.add(request)
    // A client that left before it was authenticated, or before its turn, must not be counted
    // again.
    if (!request.raw.socket.destroyed) underWay.add(each)
    onEnd(reply, (code) => end(each, code))
    const endMs = certificateEndMs(request)
    if (endMs !== undefined) lifetime.observe((endMs - each.beganMs) / 1000)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    // A request that was refused before authentication was answered at once.
    if (!begun.has(request)) {
      const about = requestInfoOf(objects.resources, request.method, request.url)
      const answered = { seconds: 0, code: reply.raw.statusCode, isLong: false }
      durations.observe(about, answered)
    }
    done()
  })
}

/** Records how a request was answered when it ends, or that its client left without waiting. */
function onEnd({ raw }: FastifyReply, ended: (code: number | undefined) => void): void {
  raw.once('finish', () => ended(raw.statusCode))
  // When a client leaves, as with a watch, there is no `finish` event.
  raw.once('close', () => ended(raw.headersSent ? raw.statusCode : undefined))
}

const kindOf = ({ method }: FastifyRequest, about: RequestInfo): RequestKind => {
  if (isLongRunning(about)) return 'longRunning'
  return method === 'GET' || method === 'HEAD' ? 'readOnly' : 'mutating'
}

/** The gauge of requests in progress is computed when it is scraped. */
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
