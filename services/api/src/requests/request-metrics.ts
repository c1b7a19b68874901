import { counterIn, createMetrics, gaugeIn, histogramIn } from '@reckon/process'
import type { FastifyInstance } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizePath } from './request-context.ts'
import { requestInfoOf } from './request-info.ts'

const names = ['verb', 'group', 'version', 'resource', 'subresource', 'scope'] as const

/** Measures every request under kube-apiserver's names, and answers `GET /metrics` to who may ask. */
export function measureRequests(
  app: FastifyInstance,
  { clock, objects, metrics = createMetrics() }: Pick<ApiPorts, 'clock' | 'objects' | 'metrics'>,
): void {
  const total = counterIn(metrics, {
    name: 'apiserver_request_total',
    help: 'Requests, by what they were about and how they were answered',
    labelNames: [...names, 'code'],
  })
  const seconds = histogramIn(metrics, {
    name: 'apiserver_request_duration_seconds',
    help: 'How long a request took until it was answered; a watch until it ended',
    labelNames: [...names],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2, 5, 15, 60],
  })
  const beganMs = new WeakMap<object, number>()
  let [mutating, readOnly] = [0, 0]
  gaugeIn(metrics, {
    name: 'apiserver_current_inflight_requests',
    help: 'Requests that are not answered yet, watches among them',
    labelNames: ['request_kind'],
    collect() {
      this.set({ request_kind: 'mutating' }, mutating)
      this.set({ request_kind: 'readOnly' }, readOnly)
    },
  })
  const count = (method: string, by: number) => {
    if (method === 'GET' || method === 'HEAD') readOnly += by
    else mutating += by
  }
  app.addHook('onRequest', (request, _reply, done) => {
    beganMs.set(request, clock.now())
    count(request.method, 1)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    count(request.method, -1)
    const about = requestInfoOf(objects.resources, request.method, request.url)
    total.inc({ ...about, code: reply.raw.statusCode })
    seconds.observe(about, (clock.now() - (beganMs.get(request) ?? clock.now())) / 1000)
    done()
  })
  app.get('/metrics', async (request, reply) => {
    authorizePath(request)
    reply.header('content-type', metrics.contentType)
    return metrics.metrics()
  })
}
