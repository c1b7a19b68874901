import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere } from './is-there.ts'

/** systemd-resolved's address on the machine's loopback, which pods cannot reach. */
const stub = /^nameserver\s+127\.0\.0\.53$/m

/**
 * The machine's resolv.conf below a root; where it points to systemd-resolved, the file with the servers that that
 * uses.
 */
export async function resolverIn(root: string): Promise<{ path: string; text: string }> {
  const own = join(root, 'etc/resolv.conf')
  const asked = join(root, 'run/systemd/resolve/resolv.conf')
  const text = (await isThere(own)) ? await readFile(own, 'utf8') : ''
  if (!stub.test(text) || !(await isThere(asked))) return { path: own, text }
  return { path: asked, text: await readFile(asked, 'utf8') }
}
