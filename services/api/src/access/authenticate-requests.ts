import type { FastifyInstance } from 'fastify'
import { type Authenticator, anonymous, type User } from './authenticator.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route sees the request. */
    user: User
  }
}

/** Authenticates every request before anything else happens. A request without credentials is anonymous. */
export function authenticateRequests(app: FastifyInstance, authenticator: Authenticator): void {
  app.decorateRequest('user')
  app.addHook('onRequest', (request, _reply, done) => {
    const letIn = (user: User = anonymous) => {
      request.user = user
      done()
    }
    const user = authenticator(request)
    if (user instanceof Promise) user.then(letIn, done)
    else letIn(user)
  })
}
