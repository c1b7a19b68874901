import type { Server as HttpServer } from 'node:http'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { createServer as createHttpServer } from '@reckon/process/node-http'
import { Newcomers } from './newcomers.ts'

/** A certificate chain and its key, in PEM. */
export interface TlsKeyPair {
  readonly certPem: string
  readonly keyPem: string
}

/** With a certificate the door speaks TLS only. */
export interface FrontDoorOptions {
  readonly tls: TlsKeyPair | undefined
  /** How long a connection may take until its first call is let in. */
  readonly patienceMs: number
  /** Takes a connection that speaks HTTP/2. */
  readonly onHttp2: (socket: Socket) => void
}

/** The listening side of a store. */
export interface FrontDoor {
  readonly server: NetServer
  /** A call of this peer (`address:port`) was let in: its connection may stay. */
  admit(peer: string): void
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

/** gRPC and plain HTTP/1.1 on one port: the first bytes, or the TLS handshake, tell which it is. */
export function createFrontDoor({ tls, patienceMs, onHttp2 }: FrontDoorOptions): FrontDoor {
  const http = createHealthServer()
  const sockets = new Set<Socket>()
  const newcomers = new Newcomers(patienceMs)
  const server =
    tls === undefined
      ? createNetServer((socket) => sniff(socket, onHttp2, http))
      : createTlsServer(
          { cert: tls.certPem, key: tls.keyPem, ALPNProtocols: ['h2', 'http/1.1'] },
          (socket: TLSSocket) => {
            socket.on('error', () => socket.destroy())
            if (socket.alpnProtocol === 'h2') onHttp2(socket)
            else http.emit('connection', socket)
          },
        )
  // Before any handshake: also who never ends it is counted, and gone when the door closes.
  server.prependListener('connection', (socket) => {
    sockets.add(socket)
    newcomers.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A reset connection is noticed by whoever reads from it; here it needs only to be no crash.
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
  })
  return {
    server,
    admit: (peer) => newcomers.admit(peer),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const http2Start = 'PRI'

/** Reads until it is clear which protocol it is, and gives back what it read. */
function sniff(socket: Socket, onHttp2: (socket: Socket) => void, http: HttpServer): void {
  let seen = Buffer.alloc(0)
  const look = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk])
    const start = seen.toString('latin1', 0, http2Start.length)
    if (start !== http2Start && http2Start.startsWith(start)) return
    socket.off('data', look)
    socket.pause()
    socket.unshift(seen)
    if (start === http2Start) onHttp2(socket)
    else {
      http.emit('connection', socket)
      socket.resume()
    }
  }
  socket.on('data', look)
}

/** What EventStoreDB's client reads of a ping. */
const ping = JSON.stringify({ msgTypeId: 0, text: 'Ping request successfully handled' })

/** One answer for each connection: nobody keeps one of these open. */
function createHealthServer(): HttpServer {
  return createHttpServer((request, response) => {
    const path = request.url?.split('?')[0]
    response.shouldKeepAlive = false
    if (path === '/health/live') response.writeHead(204).end()
    else if (path === '/ping') {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(ping)
    } else {
      response
        .writeHead(501, { 'content-type': 'text/plain' })
        .end('the embedded event store has no HTTP API: use a gRPC client\n')
    }
  })
}
