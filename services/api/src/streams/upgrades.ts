import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { badRequest } from '@reckon/kubernetes'
import { ServerResponse } from '@reckon/process/node-http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** A connection that is to switch to another protocol. `head` is what the client has already sent in it. */
export type Upgrade = { request: IncomingMessage; socket: Socket; head: Buffer }

const upgrades = new WeakMap<IncomingMessage, Upgrade & { endRefused(): void }>()

/**
 * Routes upgrade requests like all others, so that they are authenticated, authorized and refused in the same way,
 * until a route takes over the connection.
 */
export function routeUpgrades(app: FastifyInstance): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!(socket instanceof Socket)) return socket.destroy()
    // A client may leave at any time; whoever reads from or writes to the socket notices.
    socket.on('error', () => undefined)
    const endRefused = () => void socket.end()
    upgrades.set(request, { request, socket, head, endRefused })
    const refusal = new ServerResponse(request)
    refusal.setHeader('connection', 'close')
    refusal.assignSocket(socket)
    refusal.on('finish', endRefused)
    app.routing(request, refusal)
  })
}

/** Whether a request's connection may switch to another protocol. */
export const isUpgrade = ({ raw }: FastifyRequest): boolean => upgrades.has(raw)

/** The protocol that a request wants to switch to, in lower case; refused where it is none of these. */
export function wantedProtocol<const Name extends string>(
  request: FastifyRequest,
  served: readonly Name[],
): Name {
  const wanted = request.headers.upgrade?.toLowerCase()
  const found = served.find((each) => each === wanted)
  if (found !== undefined && upgrades.has(request.raw)) return found
  throw badRequest('Upgrade request required')
}

/** Takes over the connection from HTTP. Call `over` when it has ended; only then does the request finish. */
export function takeOver(request: FastifyRequest, reply: FastifyReply): Upgrade & { over(): void } {
  const upgrade = upgrades.get(request.raw)
  if (upgrade === undefined) throw badRequest('Upgrade request required')
  reply.hijack()
  const { raw } = reply
  raw.off('finish', upgrade.endRefused)
  raw.detachSocket(upgrade.socket)
  raw.statusCode = 101
  return { ...upgrade, over: () => void raw.emit('finish') }
}
