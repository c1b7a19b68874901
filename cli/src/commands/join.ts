import { findComponents } from '@reckon/bootstrap'
import { nodeNameProblem } from '@reckon/domain'
import {
  becomeSupervisor,
  followLogs,
  machineProcesses,
  stopCluster,
  supervise,
} from '@reckon/supervisor'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { ensureDataDir, layoutFor, withDataDir } from '../data-dir.ts'
import { printLogLine, printStep } from '../formatting/output.ts'
import type { Address } from '../joining/authority.ts'
import { keepCertificate } from '../joining/keep-certificate.ts'
import { type MachineOptions, machineHere } from '../joining/machine-here.ts'
import { ownAddressOf, portOf } from '../options.ts'
import { detach } from '../starting/detach.ts'
import { processesReady } from '../starting/readiness.ts'

type JoinOptions = Omit<MachineOptions, 'address'> & { dataDir: string; detach?: boolean }

const endings = ['SIGINT', 'SIGTERM'] as const

/** Printed once the node runs. */
const joinedMark = 'This machine is a node of the cluster.'

/** `reckon join`: makes this machine a node of a cluster whose control plane is elsewhere. */
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
    .option('--node-name <name>', "under which the machine joins (its host's)", nodeNameOf)
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

async function joinAs(
  address: Address | undefined,
  { dataDir, detach: isDetached, ...options }: JoinOptions,
): Promise<void> {
  const layout = layoutFor(dataDir)
  ensureDataDir(layout)
  const release = await becomeSupervisor(layout)
  const stop = new AbortController()
  const abort = () => stop.abort()
  for (const sent of endings) process.on(sent, abort)
  const { signal } = stop
  const asked = { ...options, ...(address && { address }) }
  const machine = await machineHere(layout, asked, { report: printStep, signal })
  if (isDetached) {
    await release()
    for (const sent of endings) process.off(sent, abort)
    // The background process does not get the token: everybody on this machine can read a process'
    // arguments.
    const [node = '', main = ''] = process.argv
    return detach(layout, [node, main, 'join', '--data-dir', layout.dataDir], joinedMark)
  }
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

function addressOf(text: string): Address {
  const { host, port } = /^(?<host>[^:/]+):(?<port>\d+)$/.exec(text)?.groups ?? {}
  if (host === undefined || port === undefined) {
    throw new InvalidArgumentError('it is like 10.0.0.5:6443.')
  }
  return { host, port: portOf(port) }
}

function nodeNameOf(text: string): string {
  const problem = nodeNameProblem(text)
  if (problem === '') return text
  throw new InvalidArgumentError(`${problem}.`)
}
