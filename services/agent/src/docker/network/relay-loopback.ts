import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'

// Runs within the network of a pod, and ends with its standard input, so also when its parent is
// killed; the folder of its socket is deleted with it. Connects each client of the given socket to
// the port of the pod's loopback that its first two bytes name. Answers 0 once connected, else the
// reason.

const [socketPath = ''] = process.argv.slice(2)

createServer({ allowHalfOpen: true }, (client) => {
  client.on('error', () => client.destroy())
  const onReadable = () => {
    const asked: Buffer | null = client.read(2)
    if (asked === null) return
    client.off('readable', onReadable)
    void join(client, asked.readUInt16BE())
  }
  client.on('readable', onReadable)
}).listen(socketPath, () => process.stdout.write('listening'))

process.stdin.resume().on('end', () => {
  rmSync(dirname(socketPath), { recursive: true, force: true })
  process.exit()
})

async function join(client: Socket, port: number): Promise<void> {
  try {
    const target = await opened(port)
    target.on('error', () => client.destroy())
    client.on('close', () => target.destroy())
    client.write(Buffer.of(0))
    client.pipe(target)
    target.pipe(client)
  } catch (error) {
    client.end(error instanceof Error ? error.message : String(error))
  }
}

/** Some servers listen on the loopback of IPv6 alone. */
async function opened(port: number): Promise<Socket> {
  try {
    return await connected('127.0.0.1', port)
  } catch (error) {
    return await connected('::1', port).catch(() => Promise.reject(error))
  }
}

async function connected(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}
