import { readFile } from 'node:fs/promises'

/** The kernel's states of a connection that is being established, and of an established one, accepted or not. */
const openStates = new Set(['03', '01'])

/** How many connections to these ports are open, including those that no program has accepted yet. */
export async function openConnections(ports: readonly number[]): Promise<number> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  )
  return countConnections(tables.join('\n'), ports)
}

/** Counts them in the text of `/proc/net/tcp`. */
export function countConnections(tables: string, ports: readonly number[]): number {
  return tables.split('\n').filter((line) => {
    const [, local = '', , state = ''] = line.trim().split(/\s+/)
    return openStates.has(state) && ports.includes(Number.parseInt(local.split(':')[1] ?? '', 16))
  }).length
}
