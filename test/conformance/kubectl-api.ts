import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startedApi } from '@reckon/api/fixture'
import { findKubectls } from '@reckon/bootstrap'
import { makeCertificates } from './certificates.ts'

/** Runs a kubectl; returns what it prints on both streams, since warnings and refusals are on the second one. */
export type Kubectl = (...args: string[]) => Promise<string>

const env = { ...process.env, KUBECONFIG: '/dev/null' }

/** An api over the memory twins that listens on a port, and the machine's real kubectls as its administrator. */
export async function startKubectlApi() {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-kubectl-'))
  const { ca, tls, admin } = makeCertificates(folder)
  const found = await findKubectls()
  const api = await startedApi({ tls })
  const server = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const kubectlOf =
    ({ version, path }: { version: string; path: string }): Kubectl =>
    (...args) => {
      const options = [
        `--server=${server}`,
        `--cache-dir=${join(folder, `cache-${version}`)}`,
        `--certificate-authority=${ca}`,
        `--client-certificate=${admin.cert}`,
        `--client-key=${admin.key}`,
      ]
      return new Promise((resolve) => {
        execFile(path, [...options, ...args], { env, timeout: 110_000 }, (_error, stdout, stderr) =>
          resolve(stdout + stderr),
        )
      })
    }
  const [newest] = found
  assert.ok(newest, 'kubectl is needed: `npm run setup` says where to get it')
  return {
    api,
    folder,
    server,
    kubectl: kubectlOf(newest),
    /** The installed ones of these versions. */
    kubectls: (...versions: readonly string[]) =>
      found
        .filter(({ version }) => versions.some((each) => version.startsWith(`${each}.`)))
        .map((each) => ({ version: each.version, kubectl: kubectlOf(each) })),
    /** A kubeconfig for the server at this path, for clients that take no options. */
    async kubeconfig(prefix: string): Promise<string> {
      const cluster = { server: `${server}${prefix}`, 'certificate-authority': ca }
      const user = { 'client-certificate': admin.cert, 'client-key': admin.key }
      const path = join(folder, 'kubeconfig')
      const config = {
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'it' },
        clusters: [{ name: 'it', cluster }],
        users: [{ name: 'it', user }],
        contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
      }
      await writeFile(path, JSON.stringify(config))
      return path
    },
    /** A file with the object. */
    async manifest(object: object): Promise<string> {
      const path = join(folder, 'manifest.json')
      await writeFile(path, JSON.stringify(object))
      return path
    },
    async stop(): Promise<void> {
      await api.close()
      await rm(folder, { recursive: true, force: true })
      assert.deepEqual(api.errors, [])
    },
  }
}
