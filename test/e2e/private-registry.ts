import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findComponents } from '@reckon/bootstrap'
import { root } from '../run-tests.ts'

/** The only user: `someone`, with the password `secret` (bcrypt). */
const passwords = 'someone:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'
export const account = { username: 'someone', password: 'secret' }

/** Serves the images of the examples from the cluster's own registry, only to its user. */
export async function openPrivateRegistry(folder: string, address = '127.0.0.1') {
  const { dockerRegistry } = await findComponents()
  if (!dockerRegistry) throw new Error('this test needs docker-registry')
  await mkdir(folder)
  const [path, config] = [join(folder, 'htpasswd'), join(folder, 'config.yml')]
  await writeFile(path, passwords)
  const rootdirectory = join(root, '.reckon/images/registry')
  const storage = { filesystem: { rootdirectory }, maintenance: { readonly: { enabled: true } } }
  const auth = { htpasswd: { realm: 'private', path } }
  // JSON is YAML, too.
  const text = JSON.stringify({ version: '0.1', storage, auth, http: { addr: `${address}:0` } })
  await writeFile(config, text)
  const child = spawn(dockerRegistry.path, ['serve', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const host = await new Promise<string>((resolve, reject) => {
    void ended.then(() => reject(new Error('docker-registry ended')))
    createInterface(child.stderr).on('line', (line) => {
      const [, address] = /listening on ([\d.]+:\d+)/.exec(line) ?? []
      if (address !== undefined) resolve(address)
    })
  })
  const close = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { host, close }
}
