import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'

/** A certificate chain and its key, in PEM. */
export interface TlsKeyPair {
  readonly certPem: string
  readonly keyPem: string
}

/** With a certificate the door speaks TLS only. */
export interface FrontDoorOptions {
  readonly tls: TlsKeyPair | undefined
  /** Takes a connection that speaks HTTP/2. */
  readonly onHttp2: (socket: Socket) => void
}

/** The listening side of a store. */
export interface FrontDoor {
  readonly server: NetServer
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

/** A connection that says nothing for this long is nobody's. */
const firstBytesMsMax = 10_000

/** gRPC and plain HTTP/1.1 on one port: the first bytes, or the TLS handshake, tell which it is. */
export function createFrontDoor({ tls, onHttp2 }: FrontDoorOptions): FrontDoor {
  const http = createHealthServer()
  const sockets = new Set<Socket>()
  const accept = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A reset connection is noticed by whoever reads from it; here it needs only to be no crash.
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
  }
  const server =
    tls === undefined
      ? createNetServer((socket) => {
          accept(socket)
          sniff(socket, onHttp2, http)
        })
      : createTlsServer(
          { cert: tls.certPem, key: tls.keyPem, ALPNProtocols: ['h2', 'http/1.1'] },
          (socket: TLSSocket) => {
            accept(socket)
            if (socket.alpnProtocol === 'h2') onHttp2(socket)
            else http.emit('connection', socket)
          },
        )
  return {
    server,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function sniff(socket: Socket, onHttp2: (socket: Socket) => void, http: HttpServer): void {
  socket.setTimeout(firstBytesMsMax, () => socket.destroy())
  socket.once('data', (first) => {
    socket.setTimeout(0)
    socket.removeAllListeners('timeout')
    socket.pause()
    socket.unshift(first)
    if (first.toString('latin1').startsWith('PRI')) onHttp2(socket)
    else {
      http.emit('connection', socket)
      socket.resume()
    }
  })
}

function createHealthServer(): HttpServer {
  return createHttpServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (path === '/health/live') response.writeHead(204).end()
    else if (path === '/ping') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('Ping request received')
    } else response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
  })
}
