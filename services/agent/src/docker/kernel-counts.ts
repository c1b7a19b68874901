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

/**
 * Where a container's processes are counted, by one of them. Undefined where the process is gone, or is another one of that
 * number: of a machine whose engine is elsewhere, or of a later time.
 */
export async function cgroupOf(containerId: string, pid: number): Promise<CgroupFiles | undefined> {
  const text = await unlessGone(readFile(`/proc/${pid}/cgroup`, 'utf8'))
  return text?.includes(containerId) ? cgroupFiles(text) : undefined
}

/** What a group of processes has consumed; undefined once it is gone. */
export async function consumedBy(files: CgroupFiles): Promise<Consumed | undefined> {
  const read = [files.cpu, files.memory, files.memoryStat].map((file) => readFile(file, 'utf8'))
  const texts = await unlessGone(Promise.all(read))
  if (texts === undefined) return undefined
  const [cpu = '', memory = '', memoryStat = ''] = texts
  return consumedIn(files.version, { cpu, memory, memoryStat })
}

/** What all that runs on this machine has consumed; undefined where the kernel does not count that. */
export async function consumedByMachine(): Promise<Consumed | undefined> {
  for (const [version, folder] of [
    [1, '/cpuacct/cpuacct.usage'],
    [2, '/cpu.stat'],
  ] as const) {
    const cpu = await unlessGone(readFile(`/sys/fs/cgroup${folder}`, 'utf8'))
    if (cpu === undefined) continue
    const memoryBytes = machineMemoryIn(await readFile('/proc/meminfo', 'utf8'))
    return { cpuSeconds: cpuSecondsIn(version, cpu), memoryBytes }
  }
  return undefined
}

/** A group or process may end between two readings: then its files are not there, or are there and have no device. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (['ENOENT', 'ENODEV', 'ESRCH'].some((code) => hasCode(error, code))) return undefined
    throw error
  }
}
