import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * Processes pipelined requests of one connection one after the other, in the order in which they were sent, so that a
 * read sent after a write sees it.
 */
export function answerInTurn(app: FastifyInstance): void {
  const answers = new WeakMap<object, ServerResponse>()
  app.addHook('onRequest', ({ raw: { socket } }, { raw }, done) => {
    const before = answers.get(socket)
    answers.set(socket, raw)
    if (before === undefined || before.closed) done()
    else before.once('close', () => done())
  })
}
