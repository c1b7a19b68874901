import { readFile } from 'node:fs/promises'

/** As the kernel numbers them: one that begins, and one that has begun, taken by its program or not yet. */
const openStates = new Set(['03', '01'])

/** How many connections to these ports of the machine are open, those included that no program has taken yet. */
export async function openConnections(ports: readonly number[]): Promise<number> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  )
  return countConnections(tables.join('\n'), ports)
}

/** Of what `/proc/net/tcp` says. */
export function countConnections(tables: string, ports: readonly number[]): number {
  return tables.split('\n').filter((line) => {
    const [, local = '', , state = ''] = line.trim().split(/\s+/)
    return openStates.has(state) && ports.includes(Number.parseInt(local.split(':')[1] ?? '', 16))
  }).length
}
