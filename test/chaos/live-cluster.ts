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

/**
 * A cluster of real processes on this machine, two of each service if nothing else is said; its pods only pretend to
 * run.
 */
export class LiveCluster {
  readonly layout: Layout
  /** Every process but the supervisor. */
  specs: readonly ProcessSpec[] = []

  private constructor(layout: Layout) {
    this.layout = layout
  }

  static async start(options: readonly string[] = twoOfEach): Promise<LiveCluster> {
    const cluster = new LiveCluster(layoutOf(await mkdtemp(join(tmpdir(), 'reckon-chaos-'))))
    // Its processes live apart from us: they would outlive a test that is called off.
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

  /** Starts what is missing; resolves when all of it is ready. */
  async up(...args: string[]): Promise<void> {
    await this.#reckon('up', '--detach', '--runtime', 'simulated', ...args)
  }

  /** Resolves once the supervisor runs and every process is ready. */
  async heal(): Promise<void> {
    if ((await findSupervisor(this.layout)) === undefined) await this.up()
    await Promise.all(this.specs.map((spec) => this.untilReady(spec)))
  }

  /** Resolves once another process than the one given runs under this name, and says that it is ready. */
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

  /** What processes said that ended because of an error of their own. */
  async ownEnds(): Promise<string[]> {
    const folder = dirname(this.layout.logFile('any'))
    const logs = (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8'))
    const lines = (await Promise.all(logs)).flatMap((text) => text.split('\n'))
    return lines.filter((line) => line.startsWith('{"level":60,'))
  }

  /** The log, whole. */
  async readLog(): Promise<RecordedEvent[]> {
    const url = eventStoreUrl(this.layout, await this.#file())
    const log = await openEventStore(url, { name: 'chaos' })
    try {
      return await Array.fromAsync(log.readAll())
    } finally {
      await log.close()
    }
  }

  /** Nothing of it is left; where something was decided that does not come out the same again, it fails. */
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
