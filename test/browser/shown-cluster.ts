import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findKubectls } from '@reckon/bootstrap'
import { isJsonObject } from '@reckon/kubernetes'
import { openTokenKey } from '@reckon/process/trusted'
import { LiveCluster } from '../chaos/live-cluster.ts'
import { root } from '../run-tests.ts'

const run = promisify(execFile)

/** A cluster with simulated pods, a kubectl for it, and the proxy that `reckon dashboard` starts. */
export async function startShownCluster() {
  const cluster = await LiveCluster.start(['--nodes', '3'])
  const env = { ...process.env, KUBECONFIG: cluster.layout.kubeconfig }
  const [newest] = await findKubectls()
  if (newest === undefined)
    throw new Error('kubectl is needed: `npm run setup` says where to get it')
  const kubectl = async (...args: string[]): Promise<string> =>
    (await run(newest.path, args, { env })).stdout.trim()
  const proxies: { end(): Promise<unknown> }[] = []
  return {
    kubectl,
    server: () =>
      kubectl('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}'),
    /** A link that opens the dashboard once, as the administrator. */
    openDashboard: async (): Promise<string> => {
      const reckon = join(root, 'node_modules/.bin/reckon')
      const proxy = spawn(reckon, ['dashboard', '--no-open'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = once(proxy, 'exit')
      proxies.push({
        end: () => {
          proxy.kill('SIGTERM')
          return ended
        },
      })
      proxy.stdout.setEncoding('utf8')
      for await (const text of proxy.stdout.iterator({ destroyOnReturn: false })) {
        const [link] = /http:\S+/.exec(String(text)) ?? []
        if (link !== undefined) return link
      }
      throw new Error('reckon dashboard printed no link')
    },
    /** The cluster's token with another end, signed as the cluster signs. */
    endingAt: async (token: string, timeMs: number): Promise<string> => {
      const key = await openTokenKey(cluster.layout.key('service-account'))
      const claims = await key?.verify(token)
      if (key === undefined || !isJsonObject(claims))
        throw new Error('this is no token of the cluster')
      return key.sign({ ...claims, exp: Math.floor(timeMs / 1_000) })
    },
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.end()))
      await cluster.reset()
    },
  }
}
