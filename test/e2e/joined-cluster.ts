import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { conditionOf, type Node, type Pod } from '@reckon/kubernetes'
import { layoutOf } from '@reckon/supervisor'
import Docker from 'dockerode'
import { root } from '../run-tests.ts'
import { openCluster, type TestCluster, until } from './cluster.ts'
import { type Lab, type Link, type Machine, openLab } from './machines.ts'

const runFile = promisify(execFile)

/** Runs a command in that machine's network; returns its output. */
export async function runOn(
  { enter: [enter = '', ...namespace] }: Machine,
  ...command: string[]
): Promise<string> {
  const { stdout } = await runFile(enter, [...namespace, ...command], { cwd: root })
  return stdout
}

/** `reckon` as it is typed on that machine. */
export const reckonOn = (machine: Machine, ...typed: [verb: string, ...args: string[]]) =>
  reckonOf(root)(machine, ...typed)

/** `reckon` of this folder. */
export const reckonOf =
  (folder: string) =>
  (machine: Machine, verb: string, ...args: string[]): Promise<string> =>
    runOn(machine, join(folder, 'node_modules/.bin/reckon'), verb, ...dataDirOf(machine), ...args)

export const dataDirOf = ({ dataDir }: Machine): string[] => ['--data-dir', dataDir]

/** A cluster of the test's own machine and of others, which join it with `reckon join`. */
export class JoinedCluster {
  readonly cluster: TestCluster
  readonly lab: Lab
  readonly machines = new Map<string, Machine>()

  private constructor(cluster: TestCluster, lab: Lab) {
    this.cluster = cluster
    this.lab = lab
  }

  /** The first machine alone, started with these options by the Reckon in this folder. */
  static async open(
    name: string,
    up: readonly string[] = [],
    folder = root,
  ): Promise<JoinedCluster> {
    const lab = await openLab()
    const joined = new JoinedCluster(await openCluster(name), lab)
    try {
      const first = await openCluster(name, folder)
      await first.up('--advertise', lab.address, ...up)
      return joined
    } catch (error) {
      await joined.close()
      throw error
    }
  }

  /** How a machine joins with a token of its own: address, `--token` and further options. */
  async joinLine(...how: string[]): Promise<string[]> {
    const where = ['--data-dir', this.cluster.dataDir]
    const line = await this.cluster.reckon('token', 'create', ...where, ...how)
    return line.trim().split(' ').slice(2)
  }

  /** Another machine, with the Reckon in this folder; on the first one's link, or on the other. */
  async join(
    name: string,
    { folder = root, link = 'near' }: { folder?: string; link?: Link } = {},
  ): Promise<Machine> {
    const machine = await this.lab.addMachine(link)
    this.machines.set(name, machine)
    const own = ['--node-name', name, '--detach', '--docker-host', machine.dockerSocket]
    await reckonOf(folder)(machine, 'join', ...(await this.joinLine()), ...own)
    await until(`${name} is Ready`, () => this.isReady(name).catch(() => false))
    return machine
  }

  /** Removes it from the cluster. */
  async leave(name: string, ...how: string[]): Promise<void> {
    await reckonOn(this.machine(name), 'leave', ...how)
    this.machines.delete(name)
  }

  machine(name: string): Machine {
    const machine = this.machines.get(name)
    if (machine === undefined) throw new Error(`no machine has joined as ${name}`)
    return machine
  }

  async isReady(name: string): Promise<boolean> {
    const { status } = await this.cluster.json<Node>('get', 'node', name)
    return conditionOf(status, 'Ready')?.status === 'True'
  }

  /** Each node's machine's address on the link, and its edge there. */
  addresses(): Map<string, { address: string; edge: string }> {
    const at = (address: string, port: number) => ({
      address,
      edge: `http://${address}:${port}/`,
    })
    const { ingressHttp } = this.cluster.readCluster().ports
    const others = [...this.machines].map(
      ([name, machine]) => [name, at(machine.address, edgePortOf(machine))] as const,
    )
    return new Map([['node-1', at(this.lab.address, ingressHttp)], ...others])
  }

  /** The pods with this label that are not terminating. */
  async pods(label: string): Promise<readonly Pod[]> {
    const { items } = await this.cluster.json<{ items: Pod[] }>('get', 'pods', '-l', label)
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  }

  /** Waits until each machine has the containers of the expected pods exactly once, and no others. */
  async untilAsWanted(): Promise<void> {
    await until('each machine has what it is to have, and nothing else', async () => {
      const { items } = await this.cluster.json<{ items: Pod[] }>('get', 'pods', '-A')
      const wanted = items.map(({ metadata, spec }) => `${spec.nodeName} ${metadata.uid}`).sort()
      const engines = new Map([['node-1', this.cluster.docker]])
      for (const [name, { dockerSocket }] of this.machines) {
        engines.set(name, new Docker({ socketPath: dockerSocket }))
      }
      const found = await Promise.all([...engines].map(([name, docker]) => podsOn(name, docker)))
      return found.flat().sort().join() === wanted.join()
    })
  }

  async close(): Promise<void> {
    for (const machine of this.machines.values()) {
      await reckonOn(machine, 'down').catch(() => undefined)
    }
    await this.cluster.reset().finally(() => this.lab.close())
  }
}

const edgePortOf = ({ dataDir }: Machine): number =>
  JSON.parse(readFileSync(layoutOf(dataDir).machineFile, 'utf8')).ports.ingressHttp

/** Each pod with a network on the engine, as often as it has one. */
async function podsOn(node: string, docker: Docker): Promise<string[]> {
  const filters = { label: ['reckon.container=POD'] }
  const sandboxes = await docker.listContainers({ filters })
  return sandboxes.map(({ Labels }) => `${node} ${Labels['reckon.pod.uid']}`)
}
