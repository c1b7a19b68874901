import type { MachineFile } from '../joined/machine-file.ts'
import type { Layout } from '../layout.ts'
import { findProcess } from '../processes/running-process.ts'
import type { ClusterFile } from '../settings/cluster-file.ts'
import { replicaNames } from '../settings/replicas.ts'
import { isFree } from './free-port.ts'

type PortName = keyof ClusterFile['ports']

/** The process that listens on each port, and the option to choose another port. */
export const listeners: Record<PortName, { process: string; option?: string }> = {
  api: { process: 'api', option: '--port' },
  eventStore: { process: 'event-store' },
  nats: { process: 'nats' },
  ingressHttp: { process: 'envoy', option: '--ingress-port' },
  ingressHttps: { process: 'envoy', option: '--ingress-tls-port' },
  registry: { process: 'registry' },
}

/** Throws, naming the port and what to do, if a process that is to be started would find its port taken. */
export async function refuseTakenPorts(
  layout: Layout,
  cluster: ClusterFile,
  earlier: ClusterFile | undefined,
): Promise<void> {
  for (const [name, port] of Object.entries(cluster.ports) as [PortName, number][]) {
    const { process, option } = listeners[name]
    const isKept = earlier?.ports[name] === port
    if (!isNeeded(name, cluster) || (isKept && (await runs(layout, process, earlier)))) continue
    if (await isFree(port)) continue
    throw taken(port, { process, option, file: layout.clusterFile })
  }
}

/** The same for a joined machine; processes that it has already started are fine. */
export async function refuseTakenMachinePorts(
  layout: Layout,
  { ports }: Pick<MachineFile, 'ports'>,
): Promise<void> {
  for (const [name, port] of Object.entries(ports) as [keyof typeof ports, number][]) {
    const { process, option } = listeners[name]
    if ((await findProcess(layout, process)) || (await isFree(port))) continue
    throw taken(port, { process, option, file: layout.machineFile })
  }
}

function taken(
  port: number,
  { process, option, file }: { process: string; option: string | undefined; file: string },
): Error {
  const remedy = option
    ? `choose another with ${option}, or end that program`
    : `end that program, or write another port into ${file}`
  return new Error(`port ${port}, wanted for ${process}, is taken by another program; ${remedy}`)
}

/** Throws, naming both, if two processes would listen on one port. */
export function refuseSharedPorts(cluster: ClusterFile): void {
  const first = new Map<number, PortName>()
  for (const [name, port] of Object.entries(cluster.ports) as [PortName, number][]) {
    if (!isNeeded(name, cluster)) continue
    const other = first.get(port)
    first.set(port, name)
    if (other === undefined) continue
    const options = [other, name].flatMap((each) => listeners[each].option ?? [])
    const wanted = `port ${port} is wanted for both ${listeners[other].process} and ${listeners[name].process}`
    throw new Error(`${wanted}; choose another with ${options.join(' or ')}`)
  }
}

/** Whether this process was left by an earlier supervisor and listens there; any of several apis counts. */
async function runs(layout: Layout, name: string, { replicas }: ClusterFile): Promise<boolean> {
  const names = name === 'api' ? replicaNames(name, replicas) : [name]
  const found = await Promise.all(names.map((each) => findProcess(layout, each)))
  return found.some((process) => process !== undefined)
}

/** Whether any process of this cluster listens there. */
export const isNeeded = (
  name: PortName,
  { eventStoreUrl, natsUrl, runtime }: Pick<ClusterFile, 'eventStoreUrl' | 'natsUrl' | 'runtime'>,
): boolean =>
  !(name === 'eventStore' && eventStoreUrl) &&
  !(name === 'nats' && natsUrl) &&
  !(name === 'registry' && runtime === 'simulated')
