import { Readable } from 'node:stream'
import { createMetrics, metricsTexts } from '@reckon/process'
import type { FastifyPluginAsync } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { yieldBetween } from '../representation/yield-between.ts'
import { authorizePath } from './request-context.ts'

/**
 * GET /metrics: this process' metrics, for authorized users; encoded one metric at a time, so that it delays nobody.
 */
export const serveMetrics: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  const { clock, metrics = createMetrics() } = ports
  app.get('/metrics', async (request, reply) => {
    authorizePath(request)
    reply.header('content-type', metrics.contentType)
    return reply.send(
      Readable.from(yieldBetween(clock, metricsTexts(metrics)), { objectMode: false }),
    )
  })
}
