import type { FastifyInstance } from 'fastify'

/**
 * A client may send requests by one connection without waiting for the answers. They are carried out one after the
 * other, as they were sent: what is read behind a write sees it.
 */
export function answerInTurn(app: FastifyInstance): void {
  const answered = new WeakMap<object, Promise<void>>()
  app.addHook('onRequest', async ({ raw: { socket } }, { raw }) => {
    const before = answered.get(socket)
    answered.set(socket, new Promise((resolve) => raw.once('close', resolve)))
    await before
  })
}
