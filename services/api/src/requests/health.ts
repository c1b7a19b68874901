import { StatusError } from '@reckon/kubernetes'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'

/** GET /livez, /healthz: the process answers. GET /readyz: and its view has once reached the head of the log. */
export const health: FastifyPluginAsync<{ ready: Readiness }> = async (app, { ready }) => {
  for (const path of ['/livez', '/healthz']) app.get(path, async () => 'ok')
  app.get('/readyz', async (_request, reply) => {
    if (ready.isReady) return 'ok'
    reply.code(503)
    return 'the view has not yet reached the head of the log'
  })
}

/** Whether the view has ever reached the head of the log: before that, nothing can be said of any object. */
export class Readiness {
  isReady = false

  constructor({ reader }: Pick<ApiPorts, 'reader'>) {
    void reader.ready.then(() => {
      this.isReady = true
    })
  }
}

/** Refuses requests below this instance with 503 until the view is ready. */
export function untilReady(app: FastifyInstance, ready: Readiness): void {
  app.addHook('onRequest', async () => {
    if (ready.isReady) return
    throw new StatusError('ServiceUnavailable', 'the view has not yet reached the head of the log')
  })
}
