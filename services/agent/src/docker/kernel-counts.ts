import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process'
import type { Consumed } from '../runtime/runtime-usage.ts'
import {
  type CgroupFiles,
  cgroupFiles,
  consumedIn,
  cpuSecondsIn,
  machineMemoryIn,
} from './cgroup-files.ts'

type Options = {
  /** Is told what keeps a file from being read, once for each reason: what it counts is not known then. */
  onUnread(error: Error): void
  readText?(path: string): Promise<string>
}

/** What the kernel of this machine counts; undefined where it does not, and where that cannot be read. */
export class KernelCounts {
  readonly #options: Options
  readonly #toldOf = new Set<string>()

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Where a container's processes are counted, by one of them. Undefined where the process is gone, or is another one of
   * that number: of a machine whose engine is elsewhere, or of a later time.
   */
  async cgroupOf(containerId: string, pid: number): Promise<CgroupFiles | undefined> {
    const text = await this.#text(`/proc/${pid}/cgroup`)
    return text?.includes(containerId) ? cgroupFiles(text, containerId) : undefined
  }

  /** What a group of processes has consumed; undefined once it is gone. */
  async consumedBy(files: CgroupFiles): Promise<Consumed | undefined> {
    const read = [files.cpu, files.memory, files.memoryStat].map((file) => this.#text(file))
    const [cpu, memory, memoryStat] = await Promise.all(read)
    if (cpu === undefined || memory === undefined || memoryStat === undefined) return undefined
    return consumedIn(files.version, { cpu, memory, memoryStat })
  }

  /** What all that runs on this machine has consumed. */
  async consumedByMachine(): Promise<Consumed | undefined> {
    for (const [version, folder] of [
      [1, '/cpuacct/cpuacct.usage'],
      [2, '/cpu.stat'],
    ] as const) {
      const cpu = await this.#text(`/sys/fs/cgroup${folder}`)
      if (cpu === undefined) continue
      const meminfo = await this.#text('/proc/meminfo')
      if (meminfo === undefined) return undefined
      return { cpuSeconds: cpuSecondsIn(version, cpu), memoryBytes: machineMemoryIn(meminfo) }
    }
    return undefined
  }

  async #text(path: string): Promise<string | undefined> {
    const { readText = (file) => readFile(file, 'utf8'), onUnread } = this.#options
    try {
      return await readText(path)
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
      const reason = `${error.syscall} ${error.code}`
      if (isGone(error) || this.#toldOf.has(reason)) return undefined
      this.#toldOf.add(reason)
      onUnread(error)
      return undefined
    }
  }
}

/** A group or process may end between two readings: then its files are not there, or are there and have no device. */
const isGone = (error: Error): boolean =>
  ['ENOENT', 'ENODEV', 'ESRCH'].some((code) => hasCode(error, code))
