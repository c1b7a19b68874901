import { Readable } from 'node:stream'
import { exposedType } from '@reckon/process'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { inTurns } from '../representation/in-turns.ts'
import { authorizePath } from '../requests/request-context.ts'
import { kubeState } from './kube-state.ts'

/**
 * GET /metrics/kube-state: what kube-state-metrics would tell of the cluster's objects, from the view. It names all of them:
 * a right of its own.
 */
export const serveKubeState: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  app.get('/metrics/kube-state', async (request, reply) => {
    authorizePath(request)
    reply.header('content-type', exposedType)
    const pieces = inTurns(ports.clock, kubeState(ports.objects))
    return reply.send(Readable.from(pieces, { objectMode: false }))
  })
}
