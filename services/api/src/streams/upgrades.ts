import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { badRequest } from '@reckon/kubernetes'
import { ServerResponse } from '@reckon/process/node-http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** A connection that is to speak another protocol from here on. `head` is what the client has said in it already. */
export type Upgrade = { request: IncomingMessage; socket: Socket; head: Buffer }

const upgrades = new WeakMap<IncomingMessage, Upgrade & { endRefused(): void }>()

/**
 * Lets requests for another protocol go the way of all requests: they are authenticated, authorized and refused like
 * these, until a route takes the connection over.
 */
export function routeUpgrades(app: FastifyInstance): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!(socket instanceof Socket)) return socket.destroy()
    // A client may go at any time; whoever reads or writes hears of it.
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

/** Whether a request's connection may go over to another protocol. */
export const isUpgrade = ({ raw }: FastifyRequest): boolean => upgrades.has(raw)

/** The protocol that a request wants to go over to, in lower case; refused where it is none of these. */
export function wantedProtocol<const Name extends string>(
  request: FastifyRequest,
  served: readonly Name[],
): Name {
  const wanted = request.headers.upgrade?.toLowerCase()
  const found = served.find((each) => each === wanted)
  if (found !== undefined && upgrades.has(request.raw)) return found
  throw badRequest('Upgrade request required')
}

/** Takes the connection over from HTTP. `over` is to be called when it has ended: only then is the request answered. */
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
