import { readdir, readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import type { Clock } from '@reckon/eventing/bus'
import { hasCode } from '@reckon/process'

/** Bridges of containers come and go. */
function isBridge(name: string): boolean {
  return /^(docker|reckon|br-|veth|cni|flannel)/.test(name)
}

/**
 * Listing all network interfaces takes a while where many containers have theirs, and longer while containers start:
 * every pod sync needs the address, and the call blocks this process.
 */
const askedEveryMs = 5_000

/**
 * The machine's address, at most five seconds old: the first one outside the loopback, for as long as the machine has
 * it, then the first one it has by then. Undefined on a machine that never had one.
 */
export function machineAddress(
  clock: Clock,
  addresses: () => readonly string[] = outwardAddresses,
): () => string | undefined {
  let last: string | undefined
  let askedAtMs = Number.NEGATIVE_INFINITY
  return () => {
    const sinceMs = clock.now() - askedAtMs
    // Negative where the clock was set back.
    if (last !== undefined && sinceMs >= 0 && sinceMs < askedEveryMs) return last
    askedAtMs = clock.now()
    const all = addresses()
    if (last === undefined || !all.includes(last)) last = all[0] ?? last
    return last
  }
}

function outwardAddresses(): string[] {
  const outward = Object.entries(networkInterfaces()).filter(([name]) => !isBridge(name))
  return outward
    .flatMap(([, each]) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

/** The ids of the machine and of its last boot; empty where it has none. */
export async function machineIds(): Promise<{ machineId: string; machineBootId: string }> {
  return {
    machineId: await idIn('/etc/machine-id'),
    machineBootId: await idIn('/proc/sys/kernel/random/boot_id'),
  }
}

async function idIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  }
}

const hugePagesFolder = '/sys/kernel/mm/hugepages'

/** The memory reserved in pages of each huge size, in bytes, by resource name. */
export async function machineHugePages(): Promise<Record<string, number>> {
  const sizes = await readdir(hugePagesFolder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  const amounts = sizes.flatMap((name) => {
    const kibibytes = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1])
    return kibibytes ? [{ name, kibibytes }] : []
  })
  return Object.fromEntries(
    await Promise.all(
      amounts.map(async ({ name, kibibytes }) => {
        const count = Number(await readFile(`${hugePagesFolder}/${name}/nr_hugepages`, 'utf8'))
        return [hugePagesName(kibibytes), count * kibibytes * 1024] as const
      }),
    ),
  )
}

const hugePagesName = (kibibytes: number): string =>
  kibibytes >= 2 ** 20 ? `hugepages-${kibibytes / 2 ** 20}Gi` : `hugepages-${kibibytes / 2 ** 10}Mi`
