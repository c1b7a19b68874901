import type { FastifyInstance } from 'fastify'
import { type Authenticator, anonymous, type User } from './authenticator.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route sees the request. */
    user: User
  }
}

/** Finds out who asks before anything else is done with a request. Who shows nothing is anonymous. */
export function authenticateRequests(app: FastifyInstance, authenticator: Authenticator): void {
  app.decorateRequest('user')
  app.addHook('onRequest', async (request) => {
    request.user = (await authenticator(request)) ?? anonymous
  })
}
