import type { Server, Socket } from 'node:net'

/** OpenSSL's error code for an HTTP request where a TLS handshake was expected. */
export const plainHttp = 'ERR_SSL_HTTP_REQUEST'

const answer = [
  'HTTP/1.0 400 Bad Request',
  'content-type: text/plain; charset=utf-8',
  'connection: close',
  '',
  'Client sent an HTTP request to an HTTPS server.\n',
].join('\r\n')

/** Answers plain HTTP on a TLS port in the words of upstream's server, on the raw socket below TLS. */
export function answerPlainHttp(server: Server): void {
  const sockets = new Map<string, Socket>()
  server.on('connection', (socket: Socket) => {
    const end = endOf(socket)
    sockets.set(end, socket)
    socket.once('close', () => sockets.delete(end))
  })
  server.prependListener('tlsClientError', (error: NodeJS.ErrnoException, secure: Socket) => {
    if (error.code !== plainHttp) return
    const socket = sockets.get(endOf(secure))
    if (socket === undefined) secure.destroy()
    else socket.end(answer, () => secure.destroy())
  })
}

const endOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
