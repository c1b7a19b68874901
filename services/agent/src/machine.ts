import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { firstAddress } from '@reckon/kubernetes'

/** Bridges of containers come and go with them. */
function isBridge(name: string): boolean {
  return /^(docker|reckon|br-|veth|cni|flannel)/.test(name)
}

/** The first address that is not the machine's own loop; on a machine without one, where its pods find it. */
export function machineAddress(clusterCidr: string): string {
  const outward = Object.entries(networkInterfaces()).filter(([name]) => !isBridge(name))
  const all = outward.flatMap(([, each]) => each ?? [])
  const address = all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
  return address ?? firstAddress(clusterCidr)
}

/** The machine's own ids: of itself, and of the time since it was last started; empty where it has none. */
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
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
