import type { ContainerCounts, DiskCounts } from '../../runtime/runtime-usage.ts'
import { amountIn, type CgroupFiles, cgroupRoot } from './cgroup-files.ts'

/** Further counter files of a cgroup; each exists only with its controller. */
type CountFiles = {
  memory: string
  memoryStat: string
  cpuStat: string
  swap?: string
  io: string
  ioOperations?: string
}

/** The contents of those files; undefined where one does not exist. */
export type CountTexts = Readonly<Record<keyof CountFiles, string | undefined>>

/** The path of a group within its hierarchy: `/docker/f00d`. Pure. */
export function pathOfGroup({ version, cpu }: CgroupFiles): string {
  const hierarchy = version === 1 ? `${cgroupRoot}/cpuacct` : cgroupRoot
  return cpu.slice(hierarchy.length, cpu.lastIndexOf('/')) || '/'
}

/** The files of a cgroup. In v1 the hierarchies of CPU and disks use the path of `cpuacct`. Pure. */
export function countFilesOf(files: CgroupFiles): CountFiles {
  const { version, memory, memoryStat } = files
  const folder = files.cpu.slice(0, files.cpu.lastIndexOf('/'))
  if (version === 2) {
    const [swap, io] = [`${folder}/memory.swap.current`, `${folder}/io.stat`]
    return { memory, memoryStat, cpuStat: `${folder}/cpu.stat`, swap, io }
  }
  const group = pathOfGroup(files)
  const blkio = `${cgroupRoot}/blkio${group}/blkio.throttle`
  return {
    memory,
    memoryStat,
    cpuStat: `${cgroupRoot}/cpu${group}/cpu.stat`,
    io: `${blkio}.io_service_bytes_recursive`,
    ioOperations: `${blkio}.io_serviced_recursive`,
  }
}

/** Parses those files as cAdvisor does; devices are named by their numbers (`8:0`). Pure. */
export function countsIn(
  version: 1 | 2,
  texts: CountTexts,
): Omit<ContainerCounts, 'image' | 'cgroup'> {
  const { memory = '0', memoryStat = '', cpuStat = '', swap, io = '', ioOperations = '' } = texts
  const count = amountIn(cpuStat, 'nr_periods')
  const throttled = amountIn(cpuStat, 'nr_throttled')
  const throttledSeconds =
    version === 1
      ? amountIn(cpuStat, 'throttled_time') / 1e9
      : amountIn(cpuStat, 'throttled_usec') / 1e6
  return {
    usageBytes: Number(memory),
    rssBytes: amountIn(memoryStat, version === 1 ? 'total_rss' : 'anon'),
    cacheBytes: amountIn(memoryStat, version === 1 ? 'total_cache' : 'file'),
    swapBytes: version === 1 ? amountIn(memoryStat, 'total_swap') : Number(swap ?? 0),
    ...(count > 0 && { periods: { count, throttled, throttledSeconds } }),
    disks: version === 1 ? disksInV1(io, ioOperations) : disksIn(io),
  }
}

/** Rows such as `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`. */
const disksIn = (text: string): DiskCounts[] =>
  rowsOf(text).flatMap(([device = '', ...fields]) => {
    const amounts = new Map(
      fields.flatMap((field) => {
        const [name, amount] = field.split('=')
        return amount === undefined ? [] : [[name, Number(amount)] as const]
      }),
    )
    const of = (name: string) => amounts.get(name) ?? 0
    if (amounts.size === 0) return []
    const [reads, writes] = [of('rios'), of('wios')]
    return [{ device, reads, writes, readBytes: of('rbytes'), writtenBytes: of('wbytes') }]
  })

/** Rows such as `8:0 Read 1`, of bytes in one text and of operations in the other. */
function disksInV1(bytes: string, operations: string): DiskCounts[] {
  const [ofBytes, ofOperations] = [rowsOf(bytes), rowsOf(operations)]
  const devices = new Set(ofBytes.filter((row) => row.length === 3).map(([device = '']) => device))
  return [...devices].map((device) => {
    const amount = (rows: readonly string[][], what: string) =>
      Number(rows.find(([a, b]) => a === device && b === what)?.[2] ?? 0)
    return {
      device,
      reads: amount(ofOperations, 'Read'),
      writes: amount(ofOperations, 'Write'),
      readBytes: amount(ofBytes, 'Read'),
      writtenBytes: amount(ofBytes, 'Write'),
    }
  })
}

const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split(' '))
