import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A proxy between the services and nats-server that loses chosen messages. */
export type WireProxy = {
  url: string
  /** Loses the next message whose subject matches; resolves to the subject when it is lost. */
  loseNext(subject: RegExp): Promise<string>
  close(): Promise<void>
}

type Loss = { subject: RegExp; lost: (subject: string) => void }

const lineEnd = Buffer.from('\r\n')

export async function wireProxy(serverUrl: string): Promise<WireProxy> {
  const { hostname, port } = new URL(serverUrl)
  const losses = new Set<Loss>()
  const isLost = (subject: string): boolean => {
    const loss = [...losses].find((each) => each.subject.test(subject))
    if (loss === undefined) return false
    losses.delete(loss)
    loss.lost(subject)
    return true
  }
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      // A connection that breaks on one side is closed on the other; the cause does not matter
      // here.
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    upstream.pipe(client)
    const take = publishedMessages(isLost)
    client.on('data', (part: Buffer) => {
      for (const bytes of take(part)) upstream.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: ownPort } = server.address() as { port: number }

  return {
    url: `nats://127.0.0.1:${ownPort}`,
    loseNext: (subject) => new Promise((lost) => losses.add({ subject, lost })),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Splits a client's data into whole operations of NATS' protocol and drops the publications that are to be lost. `PUB`
 * and `HPUB` end their line with the length of their content; every other operation is one line.
 */
function publishedMessages(isLost: (subject: string) => boolean) {
  let rest: Buffer = Buffer.alloc(0)
  return function* (part: Buffer): Iterable<Buffer> {
    rest = Buffer.concat([rest, part])
    for (;;) {
      const end = rest.indexOf(lineEnd)
      if (end < 0) return
      const [operation = '', subject = '', ...others] = rest.subarray(0, end).toString().split(' ')
      const isPublication = /^H?PUB$/i.test(operation)
      const contentBytes = isPublication ? Number(others.at(-1)) + lineEnd.length : 0
      const length = end + lineEnd.length + contentBytes
      if (rest.length < length) return
      if (!isPublication || !isLost(subject)) yield rest.subarray(0, length)
      rest = rest.subarray(length)
    }
  }
}
