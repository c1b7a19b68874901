import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { connect, isIPv6 } from 'node:net'
import { readFrame, writeFrame } from './frame.ts'

export type Transport = 'udp' | 'tcp'

const port = 53
const timeoutMs = 2_000

/**
 * The servers that this machine itself asks, without the one given. Read each time, as they change
 * with the network.
 */
export async function hostNameServers(file: string, except: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map(([, server = '']) => server)
    .filter((server) => server !== except)
}

/**
 * The first answer of these servers, asked one after another; undefined when none answered within
 * two seconds each.
 */
export async function forwardQuery(
  query: Buffer,
  servers: readonly string[],
  transport: Transport,
): Promise<Buffer | undefined> {
  const ask = transport === 'udp' ? askByDatagram : askByStream
  for (const server of servers) {
    const answer = await ask(query, server)
    if (answer !== undefined) return answer
  }
  return undefined
}

/**
 * Each question has a port of its own, connected to its server, so that a forged answer has little
 * chance.
 */
function askByDatagram(query: Buffer, server: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4')
    const finish = (answer?: Buffer) => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(finish, timeoutMs)
    socket.once('error', () => finish())
    socket.on('message', (answer) => {
      if (answer.length > 12 && answer.readUInt16BE(0) === query.readUInt16BE(0)) finish(answer)
    })
    socket.once('connect', () => socket.send(query))
    socket.connect(port, server)
  })
}

function askByStream(query: Buffer, server: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, server)
    const finish = (answer?: Buffer) => {
      socket.destroy()
      resolve(answer)
    }
    let received: Buffer = Buffer.alloc(0)
    socket.setTimeout(timeoutMs, finish)
    socket.once('error', () => finish())
    socket.once('close', () => finish())
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data])
      const frame = readFrame(received)
      if (frame) finish(frame.message)
    })
    socket.write(writeFrame(query))
  })
}
