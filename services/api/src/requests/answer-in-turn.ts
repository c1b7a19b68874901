import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * A client may send requests by one connection without waiting for the answers. They are carried out one after the
 * other, as they were sent: what is read behind a write sees it.
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
