import type { Server as HttpServer } from 'node:http'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { createServer as createHttpServer } from '@reckon/process/node-http'
import { PendingConnections } from './pending-connections.ts'

/** A certificate chain and its key, in PEM. */
export interface TlsKeyPair {
  readonly certPem: string
  readonly keyPem: string
}

/** With a certificate it speaks TLS only. */
export interface ListenerOptions {
  readonly tls: TlsKeyPair | undefined
  /** How long a connection may take until its first call is admitted. */
  readonly silenceMsMax: number
  /** Takes a connection that speaks HTTP/2. */
  readonly onHttp2: (socket: Socket) => void
}

/** The listening side of a store. */
export interface Listener {
  readonly server: NetServer
  /** A call of this peer (`address:port`) was admitted: its connection may stay. */
  admit(peer: string): void
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

/** Serves gRPC and plain HTTP/1.1 on one port; the first bytes, or the TLS handshake, tell which it is. */
export function createListener({ tls, silenceMsMax, onHttp2 }: ListenerOptions): Listener {
  const http = createHealthServer()
  const sockets = new Set<Socket>()
  const pending = new PendingConnections(silenceMsMax)
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
  // Before any handshake, so that connections that never complete it are counted and closed, too.
  server.prependListener('connection', (socket) => {
    sockets.add(socket)
    pending.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Whoever reads from the socket notices a reset; without this listener it would end the
    // process.
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
  })
  return {
    server,
    admit: (peer) => pending.admit(peer),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const http2Start = 'PRI'

/** Reads until the protocol is clear, and puts back what it read. */
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

/** The answer to a ping that EventStoreDB's client expects. */
const ping = JSON.stringify({ msgTypeId: 0, text: 'Ping request successfully handled' })

/** Each connection is closed after its answer: nobody keeps one open. */
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
