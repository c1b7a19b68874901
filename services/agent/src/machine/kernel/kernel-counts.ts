import { readFile } from 'node:fs/promises'
import { hasCode } from '@reckon/process'
import type { Consumed, ContainerCounts, PodNetwork } from '../../runtime/runtime-usage.ts'
import { type CountTexts, countFilesOf, countsIn, pathOfGroup } from './cgroup-counts.ts'
import {
  type CgroupFiles,
  cgroupFiles,
  consumedIn,
  cpuSecondsIn,
  machineMemoryIn,
} from './cgroup-files.ts'
import { interfacesIn } from './net-dev.ts'

type Options = {
  /** Called, once for each reason, with what prevents reading a file; its counts are then unknown. */
  onUnread(error: Error): void
  readText?(path: string): Promise<string>
}

/** Reads the kernel's counts on this machine; undefined where there are none or they cannot be read. */
export class KernelCounts {
  readonly #options: Options
  readonly #toldOf = new Set<string>()
  /** Names of devices by number; they do not change while the machine runs. */
  readonly #devices = new Map<string, string>()

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * The cgroup of a container, given one of its processes. Undefined where the process is gone, or the pid belongs to
   * another process: the engine may be on another machine, or the pid may have been reused.
   */
  async cgroupOf(containerId: string, pid: number): Promise<CgroupFiles | undefined> {
    const text = await this.#text(`/proc/${pid}/cgroup`)
    return text?.includes(containerId) ? cgroupFiles(text, containerId) : undefined
  }

  /** The usage of a cgroup; undefined once it is gone. */
  async consumedBy(files: CgroupFiles): Promise<Consumed | undefined> {
    const read = [files.cpu, files.memory, files.memoryStat].map((file) => this.#text(file))
    const [cpu, memory, memoryStat] = await Promise.all(read)
    if (cpu === undefined || memory === undefined || memoryStat === undefined) return undefined
    return consumedIn(files.version, { cpu, memory, memoryStat })
  }

  /** Further counts of a cgroup; undefined once it is gone. */
  async countsOf(files: CgroupFiles): Promise<Omit<ContainerCounts, 'image'> | undefined> {
    const { memory, memoryStat, cpuStat, swap, io, ioOperations } = countFilesOf(files)
    const optional = async (path: string | undefined) => path && (await this.#text(path))
    const texts: CountTexts = {
      memory: await this.#text(memory),
      memoryStat: await this.#text(memoryStat),
      cpuStat: await this.#text(cpuStat),
      swap: await optional(swap),
      io: await this.#text(io),
      ioOperations: await optional(ioOperations),
    }
    if (texts.memory === undefined) return undefined
    const counts = countsIn(files.version, texts)
    const disks = await Promise.all(
      counts.disks.map(async (disk) => ({ ...disk, device: await this.#deviceOf(disk.device) })),
    )
    return { ...counts, cgroup: pathOfGroup(files), disks }
  }

  /** The traffic of the network interfaces of a process; undefined once it is gone. */
  async interfacesOf(pid: number): Promise<PodNetwork['interfaces'] | undefined> {
    const text = await this.#text(`/proc/${pid}/net/dev`)
    return text === undefined ? undefined : interfacesIn(text)
  }

  /** The usage of the whole machine. */
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

  /** The name of a device (`8:0`); the number itself where the machine has no name for it. */
  async #deviceOf(numbers: string): Promise<string> {
    const known = this.#devices.get(numbers)
    if (known !== undefined) return known
    const text = await this.#text(`/sys/dev/block/${numbers}/uevent`)
    const name = text && /^DEVNAME=(.+)$/m.exec(text)?.[1]
    const device = name ? `/dev/${name}` : numbers
    this.#devices.set(numbers, device)
    return device
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

/** A cgroup or process may end between two reads: its files are then missing, or fail with ENODEV. */
const isGone = (error: Error): boolean =>
  ['ENOENT', 'ENODEV', 'ESRCH'].some((code) => hasCode(error, code))
