import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const runFile = promisify(execFile)
// The program lies in a folder that an ordinary user's PATH may lack.
const env = { PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` }
/** A timeout in the rules, in case the process that set them is killed. */
const secondsMax = 60

/**
 * Makes the machine refuse new connections to these ports; existing ones go on. Returns a function that ends this.
 * Without the right to set packet rules nothing is refused.
 */
export async function refuseConnections(ports: readonly number[]): Promise<() => Promise<void>> {
  const table = `table inet reckon-refuses-${ports[0]}`
  const elements = ports.map((port) => `${port} timeout ${secondsMax}s`).join()
  const refused = `tcp dport @ports tcp flags & (syn | ack) == syn reject with tcp reset;`
  const isDone = await succeeds(`${table}; delete ${table}; ${table} {
    set ports { type inet_service; flags timeout; elements = { ${elements} }; }
    chain input { type filter hook input priority -10; ${refused} }
  }`)
  return async () => {
    if (isDone) await succeeds(`delete ${table}`)
  }
}

const succeeds = (script: string): Promise<boolean> =>
  runFile('nft', [script], { env }).then(
    () => true,
    () => false,
  )
