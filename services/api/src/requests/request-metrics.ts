import { createMetrics, gaugeIn, histogramIn, type Metrics } from '@reckon/process'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
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
    // Who has gone before it was known who asks, or before its turn came, does not go again.
    if (!request.raw.socket.destroyed) underWay.add(each)
    onEnd(reply, (code) => end(each, code))
    const endMs = certificateEndMs(request)
    if (endMs !== undefined) lifetime.observe((endMs - each.beganMs) / 1000)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    // Who was refused before it was known who asks was answered at once.
    if (!begun.has(request)) {
      const about = requestInfoOf(objects.resources, request.method, request.url)
      const answered = { seconds: 0, code: reply.raw.statusCode, isLong: false }
      durations.observe(about, answered)
    }
    done()
  })
}

/** Tells how a request was answered when it has ended; of what the client did not wait for, that it was not. */
function onEnd({ raw }: FastifyReply, ended: (code: number | undefined) => void): void {
  raw.once('finish', () => ended(raw.statusCode))
  // Where a client goes, a watch's among them, nothing finishes.
  raw.once('close', () => ended(raw.headersSent ? raw.statusCode : undefined))
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
