import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { connect, isIPv6 } from 'node:net'
import { readFrame, writeFrame } from './frame.ts'

export type Transport = 'udp' | 'tcp'

const port = 53
const timeoutMs = 2_000

/** The name servers of this machine, except the given one. Read each time, because they change with the network. */
export async function hostNameServers(file: string, except: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map(([, server = '']) => server)
    .filter((server) => server !== except)
}

/** Asks one server; throws if it does not answer within two seconds. */
export function askServer(server: string, query: Buffer, transport: Transport): Promise<Buffer> {
  return transport === 'udp' ? askByDatagram(query, server) : askByStream(query, server)
}

/** Each query has a socket of its own, connected to its server, so that a forged answer has little chance. */
function askByDatagram(query: Buffer, server: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4')
    const end = () => {
      clearTimeout(timer)
      socket.close()
    }
    const fail = (error: Error) => {
      end()
      reject(error)
    }
    const timer = setTimeout(() => fail(new Error(`${server} does not answer`)), timeoutMs)
    socket.once('error', fail)
    socket.on('message', (answer) => {
      if (answer.length <= 12 || answer.readUInt16BE(0) !== query.readUInt16BE(0)) return
      end()
      resolve(answer)
    })
    socket.once('connect', () => socket.send(query))
    socket.connect(port, server)
  })
}

function askByStream(query: Buffer, server: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, server)
    let received: Buffer = Buffer.alloc(0)
    socket.setTimeout(timeoutMs, () => socket.destroy())
    socket.once('error', reject)
    // Whoever closed it: without an answer the query failed.
    socket.once('close', () => reject(new Error(`${server} does not answer`)))
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data])
      const frame = readFrame(received)
      if (frame === undefined) return
      resolve(frame.message)
      socket.destroy()
    })
    socket.write(writeFrame(query))
  })
}
