import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { findComponents } from '@reckon/bootstrap'
import { subdomainProblem } from '@reckon/kubernetes'
import {
  becomeSupervisor,
  followLogs,
  type Layout,
  type MachineFile,
  machineProcesses,
  type Runtime,
  readClusterFile,
  readMachineFile,
  stopCluster,
  supervise,
} from '@reckon/supervisor'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { ensureDataDir, layoutFor, withDataDir } from '../data-dir.ts'
import { detach } from '../detach.ts'
import type { Address } from '../joining/authority.ts'
import { joinCluster } from '../joining/join-cluster.ts'
import { keepCertificate } from '../joining/keep-certificate.ts'
import { ownAddressOf, portOf } from '../options.ts'
import { printLogLine, printStep } from '../output.ts'
import { processesReady } from '../readiness.ts'

type JoinOptions = {
  dataDir: string
  detach?: boolean
  token?: string
  caHash?: string
  nodeName: string
  nodeIp?: string
  runtime?: Runtime
  dockerHost?: string
  logDir?: string
  ingressPort?: number
  ingressTlsPort?: number
}

/** What is printed once the node runs. */
const joinedMark = 'This machine is a node of the cluster.'

/** `reckon join`: this machine as a node of a cluster whose control plane is elsewhere. */
export function defineJoin(command: Command): void {
  withDataDir(command)
    .argument(
      '[address:port]',
      'of the API; not needed where this machine has joined before',
      addressOf,
    )
    .option('-d, --detach', 'return once the node runs; it goes on in the background')
    .option('--token <token>', 'what "reckon token create" printed there')
    .option('--ca-hash <sha256:…>', "of the cluster's authority, printed with it")
    .option(
      '--node-name <name>',
      'under which the machine joins',
      nodeNameOf,
      hostname().toLowerCase(),
    )
    .option('--node-ip <address>', "the machine's address for others (its first one)", ownAddressOf)
    .addOption(
      new Option('--runtime <runtime>', 'what runs the pods').choices(['docker', 'simulated']),
    )
    .option('--docker-host <socket>', "the Docker engine's socket (/var/run/docker.sock)")
    .option('--log-dir <folder>', "where containers' logs are linked for collectors, like /var/log")
    .option('--ingress-port <port>', 'of the ingress over HTTP (8080 where free)', portOf)
    .option('--ingress-tls-port <port>', 'of the ingress over TLS (8443 where free)', portOf)
    .addHelpText(
      'after',
      `
Examples:
  reckon join 10.0.0.5:6443 --token abcdef.0123456789abcdef --ca-hash sha256:…
  reckon join --detach             again, after the machine was started anew`,
    )
    .action(joinAs)
}

async function joinAs(address: Address | undefined, options: JoinOptions): Promise<void> {
  const layout = layoutFor(options.dataDir)
  ensureDataDir(layout)
  if (options.detach) return detach(layout, process.argv, joinedMark)
  const release = await becomeSupervisor(layout)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const { signal } = stop
  const machine = await machineHere(layout, address, options)
  const specs = machineProcesses(layout, machine, await findComponents())
  const ours = specs.filter(({ isForeign }) => !isForeign).map(({ name }) => name)
  await followLogs(layout, ours, printLogLine, signal)
  const supervised = supervise(layout, specs, printStep, signal)
  const renewed = keepCertificate(layout, machine.node, { report: printStep, signal })
  if (await processesReady(layout, specs, { report: printStep, signal })) {
    console.log(`\n${joinedMark}\n\n  node     ${machine.node}\n  API      ${machine.server}\n`)
  }
  await Promise.all([supervised, renewed])
  printStep('reckon', 'stopping; the node comes back with "reckon join"')
  await stopCluster(layout, specs, printStep)
  await release()
}

/** The machine as it has joined, now or before. */
async function machineHere(
  layout: Layout,
  address: Address | undefined,
  { token, caHash, nodeName, nodeIp, logDir, ...options }: JoinOptions,
): Promise<MachineFile> {
  if (await readClusterFile(layout)) {
    throw new Error(`${layout.dataDir} has a cluster of its own: name another --data-dir`)
  }
  const joined = await readMachineFile(layout)
  if (joined) return joined
  if (address === undefined || token === undefined || caHash === undefined) {
    throw new Error(
      'to join a cluster, type what "reckon token create" prints on its first machine',
    )
  }
  const requested = {
    ...options,
    ...{ address, token, hash: caHash, node: nodeName },
    ...(nodeIp && { nodeIP: nodeIp }),
    ...(logDir && { logDir: resolve(logDir) }),
  }
  return joinCluster(layout, requested, printStep)
}

function addressOf(text: string): Address {
  const { host, port } = /^(?<host>[^:/]+):(?<port>\d+)$/.exec(text)?.groups ?? {}
  if (host === undefined || port === undefined) {
    throw new InvalidArgumentError('it is like 10.0.0.5:6443.')
  }
  return { host, port: portOf(port) }
}

function nodeNameOf(text: string): string {
  const problem = subdomainProblem(text)
  if (problem === '') return text
  throw new InvalidArgumentError(problem)
}
