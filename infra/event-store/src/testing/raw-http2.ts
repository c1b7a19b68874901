import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What begins every HTTP/2 connection, with empty settings. */
export const http2Preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(0x4, 0),
])

/** One HTTP/2 frame. */
function frame(
  type: number,
  stream: number,
  { flags = 0, payload = Buffer.alloc(0) }: { flags?: number; payload?: Buffer } = {},
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** The HEADERS frame that begins a gRPC call; what follows is the caller's to send. */
export function callHeaders(stream: number, path: string): Buffer {
  const headers = {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'localhost',
    'content-type': 'application/grpc',
    te: 'trailers',
  }
  const literal = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
  const payload = Object.entries(headers).map(([name, value]) =>
    Buffer.concat([Buffer.from([0]), literal(name), literal(value)]),
  )
  return frame(0x1, stream, { flags: 0x4, payload: Buffer.concat(payload) })
}

/** RST_STREAM with CANCEL. */
export function reset(stream: number): Buffer {
  return frame(0x3, stream, { payload: Buffer.from([0, 0, 0, 8]) })
}

/** A connection that says these bytes and never anything else, not even to a ping. */
export async function openSilent(port: number, bytes: Buffer): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  // The server may well reset it.
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'connect')
  socket.write(bytes)
  return socket
}
