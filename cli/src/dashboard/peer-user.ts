import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/**
 * Whether a connection was made by the user who started the proxy, or by root: other users of the machine may see the
 * link in the list of processes. Where the system does not say whose it is, it is accepted.
 */
export async function isOwnPeer({ localPort = 0, remotePort = 0 }: Socket): Promise<boolean> {
  const own = [0, process.getuid?.(), Number(process.env.SUDO_UID ?? 0)]
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8'))
  for (const read of await Promise.allSettled(tables)) {
    const user = read.status === 'fulfilled' && userIn(read.value, { localPort, remotePort })
    if (typeof user === 'number') return own.includes(user)
  }
  return true
}

/**
 * The user of the other end of a local connection, from the kernel's table of sockets (proc_net_tcp(5)): the entry
 * whose local port is our remote one. Pure.
 */
export function userIn(
  table: string,
  { localPort, remotePort }: { localPort: number; remotePort: number },
): number | undefined {
  const [from, to] = [remotePort, localPort].map(hexOf)
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', remote = '', , , , , uid = ''] = line.trim().split(/\s+/)
    if (local.endsWith(`:${from}`) && remote.endsWith(`:${to}`)) return Number(uid)
  }
  return undefined
}

const hexOf = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
