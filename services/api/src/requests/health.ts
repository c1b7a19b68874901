import { StatusError } from '@reckon/kubernetes'
import { exposedType, familyText } from '@reckon/process'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiPorts } from '../ports.ts'
import { authorizePath, queryOf, valuesOf } from './request-context.ts'

/** One check of a probe, by upstream's name where it has one. */
type Check = { name: string; isPassing: () => boolean }

/**
 * GET /livez, /healthz: the process answers. GET /readyz: additionally, its view has once reached the head of the log,
 * and it is not shutting down. As upstream, `?verbose` lists the checks, `?exclude=` leaves one out, and each has a
 * path of its own; GET /metrics/slis has them as metrics.
 */
export const health: FastifyPluginAsync<{ ready: Readiness; closing: AbortSignal }> = async (
  app,
  { ready, closing },
) => {
  const ping: Check = { name: 'ping', isPassing: () => true }
  const synced: Check = { name: 'informer-sync', isPassing: () => ready.isReady }
  const open: Check = { name: 'shutdown', isPassing: () => !closing.aborted }
  const probes = { livez: [ping], healthz: [ping], readyz: [ping, synced, open] }
  for (const [probe, checks] of Object.entries(probes)) serveProbe(app, probe, checks)
  app.get('/metrics/slis', async (request, reply) => {
    authorizePath(request)
    reply.header('content-type', exposedType)
    return healthText(probes)
  })
}

/** The checks of each probe by upstream's names. Pure. */
function healthText(probes: Readonly<Record<string, readonly Check[]>>): string {
  const name = 'kubernetes_healthcheck'
  const samples = Object.entries(probes).flatMap(([type, checks]) =>
    checks.map((check) => ({
      labels: { name: check.name, type },
      value: Number(check.isPassing()),
    })),
  )
  return familyText({ name, help: 'Whether a part of a probe passes', type: 'gauge' }, samples)
}

function serveProbe(app: FastifyInstance, probe: string, checks: readonly Check[]): void {
  app.get(`/${probe}`, async (request, reply) => answerProbe(request, reply, { probe, checks }))
  for (const { name, isPassing } of checks) {
    app.get(`/${probe}/${name}`, async (request, reply) => {
      authorizePath(request)
      asText(reply)
      if (isPassing()) return 'ok'
      reply.code(500)
      return 'internal server error: reason withheld\n'
    })
  }
}

function answerProbe(
  request: FastifyRequest,
  reply: FastifyReply,
  { probe, checks }: { probe: string; checks: readonly Check[] },
): string {
  authorizePath(request)
  const excluded = new Set(valuesOf(request, 'exclude'))
  const lines = checks.map(({ name, isPassing }) => {
    if (excluded.delete(name)) return `[+]${name} excluded: ok`
    return isPassing() ? `[+]${name} ok` : `[-]${name} failed: reason withheld`
  })
  const unknown = [...excluded].map((name) => JSON.stringify(name)).join(', ')
  if (unknown) {
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown}`)
  }
  asText(reply)
  if (lines.some((line) => line.startsWith('[-]'))) {
    reply.code(500)
    return [...lines, `${probe} check failed`, ''].join('\n')
  }
  const isVerbose = queryOf(request).verbose !== undefined
  return isVerbose ? [...lines, `${probe} check passed`, ''].join('\n') : 'ok'
}

function asText(reply: FastifyReply): void {
  reply.header('content-type', 'text/plain; charset=utf-8')
  reply.header('cache-control', 'no-cache, private')
}

/** Whether the view has ever reached the head of the log; before that, no answer about objects is possible. */
export class Readiness {
  isReady = false

  constructor({ reader }: Pick<ApiPorts, 'reader'>) {
    void reader.ready.then(() => {
      this.isReady = true
    })
  }
}

/** Refuses requests of this Fastify instance with 503 until the view is ready. */
export function untilReady(app: FastifyInstance, ready: Readiness): void {
  app.addHook('onRequest', (_request, _reply, done) => {
    if (ready.isReady) return done()
    throw new StatusError('ServiceUnavailable', 'the view has not yet reached the head of the log')
  })
}
