import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findComponents } from '@reckon/bootstrap'
import type { RecordedEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import {
  eventStoreUrl,
  findProcess,
  findSupervisor,
  healthOf,
  type Layout,
  layoutOf,
  type ProcessSpec,
  processList,
  readClusterFile,
} from '@reckon/supervisor'
import { replayLog } from '../replay-log.ts'

const reckon = fileURLToPath(new URL('../../node_modules/.bin/reckon', import.meta.url))
const run = promisify(execFile)
const pollMs = 50
const readyMsMax = 90_000

const twoOfEach = ['--nodes', '2', '--replicas', 'api=2,scheduler=2,replicator=2']

/** A cluster of real processes on this machine, by default two of each service, with simulated pods. */
export class LiveCluster {
  readonly layout: Layout
  /** Every process except the supervisor. */
  specs: readonly ProcessSpec[] = []

  private constructor(layout: Layout) {
    this.layout = layout
  }

  static async start(options: readonly string[] = twoOfEach): Promise<LiveCluster> {
    const cluster = new LiveCluster(layoutOf(await mkdtemp(join(tmpdir(), 'reckon-chaos-'))))
    // Its processes are detached from this one: they would outlive an interrupted test.
    const close = () => void cluster.#remove().finally(() => process.exit(130))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close)
    try {
      await cluster.up(...options)
    } catch (error) {
      await cluster.#remove()
      throw error
    }
    const file = await cluster.#file()
    cluster.specs = processList(cluster.layout, file, await findComponents())
    return cluster
  }

  /** Starts what is not running; resolves when everything is ready. */
  async up(...args: string[]): Promise<void> {
    await this.#reckon('up', '--detach', '--runtime', 'simulated', ...args)
  }

  /** Resolves once the supervisor runs and every process is ready. */
  async heal(): Promise<void> {
    if ((await findSupervisor(this.layout)) === undefined) await this.up()
    await Promise.all(this.specs.map((spec) => this.untilReady(spec)))
  }

  /** Resolves once a process other than the given one runs under this name and reports that it is ready. */
  async untilReady({ name, healthSocket }: ProcessSpec, former?: number): Promise<void> {
    for (const endAt = performance.now() + readyMsMax; performance.now() < endAt; ) {
      const running = await findProcess(this.layout, name)
      if (running !== undefined && running.pid !== former) {
        if (!healthSocket || (await healthOf(healthSocket))?.ready) return
      }
      await after(pollMs)
    }
    throw new Error(`${name} is not ready after ${readyMsMax} ms`)
  }

  /** The last lines of processes that ended because of an error of their own. */
  async ownEnds(): Promise<string[]> {
    const folder = dirname(this.layout.logFile('any'))
    const logs = (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8'))
    const lines = (await Promise.all(logs)).flatMap((text) => text.split('\n'))
    return lines.filter((line) => line.startsWith('{"level":60,'))
  }

  /** The whole log. */
  async readLog(): Promise<RecordedEvent[]> {
    const url = eventStoreUrl(this.layout, await this.#file())
    const log = await openEventStore(url, { name: 'chaos' })
    try {
      return await Array.fromAsync(log.readAll())
    } finally {
      await log.close()
    }
  }

  /** Removes the cluster; fails where a decision is not reproduced. */
  async reset(): Promise<void> {
    await replayLog(this.layout.dataDir).finally(() => this.#remove())
  }

  async #remove(): Promise<void> {
    await this.#reckon('reset')
    await rm(this.layout.dataDir, { recursive: true, force: true })
  }

  async #file() {
    const file = await readClusterFile(this.layout)
    if (file === undefined) throw new Error('the cluster has no file')
    return file
  }

  async #reckon(command: string, ...args: string[]): Promise<void> {
    await run(reckon, [command, '--data-dir', this.layout.dataDir, ...args])
  }
}
