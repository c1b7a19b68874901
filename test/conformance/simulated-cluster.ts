import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findKubectls } from '@reckon/bootstrap'
import { findProcess } from '@reckon/supervisor'
import { LiveCluster } from '../chaos/live-cluster.ts'
import { root } from '../run-tests.ts'
import type { Shell } from './run-script.ts'

type Kubectl = { version: string; path: string }

/** A cluster of real processes with simulated pods, and shells in which `kubectl` has some version. */
export async function startSimulatedCluster() {
  const cluster = await LiveCluster.start(['--nodes', '2'])
  const folder = await mkdtemp(join(tmpdir(), 'reckon-conformance-'))
  const found = await findKubectls()
  assert.ok(found.length > 0, 'kubectl is needed: `npm run setup` says where to get it')
  const shells = new Map<string, Promise<Shell>>()
  const openShell = async ({ version, path }: Kubectl): Promise<Shell> => {
    const home = join(folder, version)
    const programs = join(home, 'bin')
    await mkdir(programs, { recursive: true })
    await symlink(path, join(programs, 'kubectl'))
    await symlink(join(root, 'node_modules/.bin/reckon'), join(programs, 'reckon'))
    const env = {
      ...process.env,
      PATH: `${programs}:${process.env.PATH}`,
      HOME: home,
      KUBECONFIG: cluster.layout.kubeconfig,
    }
    return { folder: home, env, version }
  }
  const shellOf = (kubectl: Kubectl): Promise<Shell> => {
    const shell = shells.get(kubectl.version) ?? openShell(kubectl)
    shells.set(kubectl.version, shell)
    return shell
  }
  return {
    cluster,
    kubeconfig: cluster.layout.kubeconfig,
    /** A shell for each of these versions that is installed; of the newest one without. */
    shells: async (...versions: readonly string[]) => {
      const wanted = versions.length
        ? found.filter(({ version }) => versions.some((each) => version.startsWith(`${each}.`)))
        : found.slice(0, 1)
      return Promise.all(wanted.map(async (each) => ({ ...each, shell: await shellOf(each) })))
    },
    /** Kills the api, and resolves once another one is ready. */
    restartApi: async () => {
      const spec = cluster.specs.find(({ name }) => name === 'api')
      const running = await findProcess(cluster.layout, 'api')
      assert.ok(spec && running)
      process.kill(running.pid, 'SIGKILL')
      await cluster.untilReady(spec, running.pid)
    },
    stop: async () => {
      await cluster.reset()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
