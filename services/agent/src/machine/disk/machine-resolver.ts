import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere } from './is-there.ts'

/** At this address of the machine's loopback systemd-resolved answers, and no pod. */
const stub = /^nameserver\s+127\.0\.0\.53$/m

/**
 * The resolver's file of the machine whose files lie below the root; where that is systemd-resolved's own, the file of
 * those that it asks.
 */
export async function resolverIn(root: string): Promise<{ path: string; text: string }> {
  const own = join(root, 'etc/resolv.conf')
  const asked = join(root, 'run/systemd/resolve/resolv.conf')
  const text = (await isThere(own)) ? await readFile(own, 'utf8') : ''
  if (!stub.test(text) || !(await isThere(asked))) return { path: own, text }
  return { path: asked, text: await readFile(asked, 'utf8') }
}
