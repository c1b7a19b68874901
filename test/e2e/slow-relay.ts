import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Forwards connections from an address of this machine, delayed in both directions. */
export async function slowRelay(
  at: string,
  to: { host: string; port: number },
  delayMs: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const later = (from: Socket, onto: Socket) => {
    sockets.add(from)
    from.on('data', (part) => setTimeout(() => onto.writable && onto.write(part), delayMs))
    from.on('end', () => setTimeout(() => onto.end(), delayMs))
    from.on('error', () => onto.destroy())
    from.on('close', () => sockets.delete(from))
  }
  const server = createServer((client) => {
    const upstream = connect(to.port, to.host)
    later(client, upstream)
    later(upstream, client)
  })
  server.listen(0, at)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
