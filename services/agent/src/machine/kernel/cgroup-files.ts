import type { Consumed } from '../../runtime/runtime-usage.ts'

/** The counter files of a cgroup; in the unified hierarchy (v2) they are in one folder. */
export type CgroupFiles = { version: 1 | 2; cpu: string; memory: string; memoryStat: string }

export const cgroupRoot = '/sys/fs/cgroup'

/**
 * The files of a container's cgroup, found from `/proc/<pid>/cgroup` of one of its processes, which may be in a nested
 * group. Separate hierarchies for CPU and memory (v1) are preferred to the unified one (v2), which counts nothing where
 * both exist. Pure.
 */
export function cgroupFiles(text: string, containerId: string): CgroupFiles | undefined {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    const own = upTo(path, containerId)
    if (path !== '') for (const name of controllers.split(',')) paths.set(name, own)
  }
  const [cpu, memory, unified] = [paths.get('cpuacct'), paths.get('memory'), paths.get('')]
  if (cpu !== undefined && memory !== undefined) {
    return {
      version: 1,
      cpu: `${cgroupRoot}/cpuacct${cpu}/cpuacct.usage`,
      memory: `${cgroupRoot}/memory${memory}/memory.usage_in_bytes`,
      memoryStat: `${cgroupRoot}/memory${memory}/memory.stat`,
    }
  }
  if (unified === undefined) return undefined
  const folder = `${cgroupRoot}${unified === '/' ? '' : unified}`
  return {
    version: 2,
    cpu: `${folder}/cpu.stat`,
    memory: `${folder}/memory.current`,
    memoryStat: `${folder}/memory.stat`,
  }
}

/** The path up to the first segment that contains the id, or all of it. */
function upTo(path: string, id: string): string {
  const segments = path.split('/')
  const found = segments.findIndex((segment) => segment.includes(id))
  return found === -1 ? path : segments.slice(0, found + 1).join('/')
}

/** CPU time in a file of this version: plain nanoseconds, or a named row of microseconds. */
export const cpuSecondsIn = (version: 1 | 2, text: string): number =>
  version === 1 ? Number(text) / 1e9 : amountIn(text, 'usage_usec') / 1e6

/** CPU time and working set, the memory that the kernel would not reclaim at once, as cAdvisor computes it. */
export function consumedIn(
  version: 1 | 2,
  { cpu, memory, memoryStat }: Record<'cpu' | 'memory' | 'memoryStat', string>,
): Consumed {
  const inactive = amountIn(memoryStat, version === 1 ? 'total_inactive_file' : 'inactive_file')
  const cpuSeconds = cpuSecondsIn(version, cpu)
  return { cpuSeconds, memoryBytes: Math.max(0, Number(memory) - inactive) }
}

/** The working set of the machine from `/proc/meminfo`, because the root cgroup of v2 has no count. */
export function machineMemoryIn(meminfo: string): number {
  const [total, free] = [amountIn(meminfo, 'MemTotal:'), amountIn(meminfo, 'MemFree:')]
  return Math.max(0, total - free - amountIn(meminfo, 'Inactive(file):')) * 1024
}

/** The number in a named row; 0 without one. */
export function amountIn(text: string, name: string): number {
  const row = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(row?.slice(name.length).trim().split(' ')[0] ?? 0)
}
