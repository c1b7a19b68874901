import { Readable } from 'node:stream'
import { streamOf } from '@reckon/domain'
import { KeyFailure } from '@reckon/eventing'
import { createMetrics, exposedType, KeyFailures } from '@reckon/process'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { yieldBetween } from '../representation/yield-between.ts'
import { authorizePath } from '../requests/request-context.ts'
import { kubeState } from './kube-state.ts'
import type { Untold } from './state-family.ts'

/**
 * GET /metrics/kube-state: what kube-state-metrics would tell of the cluster's objects, from the view. It names all of
 * them: a right of its own.
 */
export const serveKubeState: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { clock, objects, logger, metrics = createMetrics() } = ports
  const failures = new KeyFailures('kube-state', { logger, clock, metrics })
  const untold: Untold = (resource, { metadata }, error) => {
    const key = streamOf(resource, metadata.namespace, metadata.name)
    failures.failed(key, new KeyFailure(key, error), metadata.resourceVersion)
  }
  app.get('/metrics/kube-state', async (request, reply) => {
    authorizePath(request)
    reply.header('content-type', exposedType)
    const pieces = yieldBetween(clock, kubeState(objects, untold))
    return reply.send(Readable.from(pieces, { objectMode: false }))
  })
}
