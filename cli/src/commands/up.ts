import { resolve } from 'node:path'
import { findComponents } from '@reckon/bootstrap'
import {
  becomeSupervisor,
  followLogs,
  keepNatsConfiguration,
  type Layout,
  prepareCluster,
  type Replicas,
  type RequestedCluster,
  type Runtime,
  stopCluster,
  supervise,
} from '@reckon/supervisor'
import { type Command, Option } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { configureScheduler, readSchedulerConfig } from '../asking/scheduler-config.ts'
import { ensureDataDir, layoutFor, withDataDir } from '../data-dir.ts'
import { printLogLine, printStep } from '../formatting/output.ts'
import { letMachinesJoin, printJoinLine } from '../joining/let-machines-join.ts'
import {
  amountOf,
  cidrOf,
  countOf,
  domainOf,
  evictionOf,
  ownAddressOf,
  portOf,
  replicasOf,
  secondsOf,
} from '../options.ts'
import { chooseRuntime } from '../starting/choose-runtime.ts'
import { markControlPlane } from '../starting/control-plane.ts'
import { detach } from '../starting/detach.ts'
import { postExample } from '../starting/example.ts'
import { clusterReady } from '../starting/readiness.ts'
import { printWelcome } from '../starting/welcome.ts'

type UpOptions = {
  dataDir: string
  detach?: boolean
  port?: number
  ingressPort?: number
  ingressTlsPort?: number
  nodes?: number
  replicas?: Replicas
  runtime?: Runtime
  dockerHost?: string
  logDir?: string
  memoryCapacity?: string
  evictionHard?: string
  eventStore?: string
  nats?: string
  advertise?: string
  clusterCidr?: string
  serviceCidr?: string
  clusterDomain?: string
  nodeGrace?: number
  defaultToleration?: number
  allowExternalIps?: boolean
  schedulerConfig?: string
  example?: boolean
}

/** `reckon up`: starts a whole cluster on this machine. */
export function defineUp(command: Command): void {
  withDataDir(command)
    .option('-d, --detach', 'return once the cluster is ready; it goes on in the background')
    .option('--port <port>', 'of the API (6443 where free)', portOf)
    .option('--ingress-port <port>', 'of the ingress over HTTP (8080 where free)', portOf)
    .option('--ingress-tls-port <port>', 'of the ingress over TLS (8443 where free)', portOf)
    .option('--nodes <count>', 'how many nodes', countOf)
    .option('--replicas <service=count,…>', 'how many of api, scheduler, replicator', replicasOf)
    .addOption(
      new Option('--runtime <runtime>', 'what runs the pods').choices(['docker', 'simulated']),
    )
    .option('--docker-host <socket>', "the Docker engine's socket (/var/run/docker.sock)")
    .option('--log-dir <folder>', "where containers' logs are linked for collectors, like /var/log")
    .option(
      '--memory-capacity <amount>',
      "what each node's pods may use of memory (the machine's)",
      amountOf,
    )
    .option(
      '--eviction-hard <threshold>',
      'else pods are evicted (memory.available<100Mi)',
      evictionOf,
    )
    .option('--event-store <esdb://…>', 'an EventStoreDB of your own')
    .option('--nats <nats://…>', 'a NATS of your own')
    .option(
      '--advertise <address>',
      'let other machines join, from now on: api and NATS are reached at this address',
      ownAddressOf,
    )
    .option('--cluster-cidr <range>', "a new cluster's addresses of pods", cidrOf)
    .option('--service-cidr <range>', "a new cluster's addresses of Services", cidrOf)
    .option('--cluster-domain <name>', "the suffix of a new cluster's DNS names", domainOf)
    .option('--node-grace <seconds>', 'how long an agent may be silent (40)', secondsOf)
    .option(
      '--default-toleration <seconds>',
      'how long pods of a new cluster stay on a node that is lost (300)',
      secondsOf,
    )
    .option('--allow-external-ips', 'Services of a new cluster may have externalIPs')
    .option(
      '--scheduler-config <file>',
      'how pods are placed from now on: a KubeSchedulerConfiguration (v1)',
    )
    .option('--example', 'post the example once the cluster is ready')
    .addHelpText(
      'after',
      `
Examples:
  reckon up                        one node on Docker, in the foreground; Ctrl-C stops it
  reckon up --detach --nodes 3     three nodes, in the background
  reckon up --replicas api=2,scheduler=2,replicator=2
                                   two of each: any of them may die
  reckon up --advertise 10.0.0.5   other machines may join
  reckon up --runtime simulated    no Docker: pods only pretend to run
  reckon up --event-store 'esdb://admin:changeit@db:2113?tls=true'`,
    )
    .action(up)
}

async function up(options: UpOptions): Promise<void> {
  const layout = layoutFor(options.dataDir)
  const { schedulerConfig } = options
  // Report problems with it before anything is started.
  const configuration = schedulerConfig && (await readSchedulerConfig(schedulerConfig))
  ensureDataDir(layout)
  if (options.detach) {
    await detach(layout, process.argv)
    return printJoinLine(layout)
  }
  const release = await becomeSupervisor(layout)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const requested = await requestedClusterOf(layout, options)
  const { cluster, specs } = await prepareCluster(layout, requested, {
    components: await findComponents(),
    report: printStep,
  })
  const ours = specs.filter(({ isForeign }) => !isForeign).map(({ name }) => name)
  await followLogs(layout, ours, printLogLine, stop.signal)
  if (cluster.advertise) {
    keepNatsConfiguration(layout, cluster, { report: printStep, signal: stop.signal })
  }
  const supervised = supervise(layout, specs, printStep, stop.signal)
  const isReady = await clusterReady(layout, cluster, specs, {
    report: printStep,
    signal: stop.signal,
  })
  if (isReady && configuration) {
    const { digest } = await configureScheduler(await openApi(layout.kubeconfig), configuration)
    printStep('scheduler', `goes by ${schedulerConfig}, digest ${digest}`)
  }
  if (isReady) await markControlPlane(layout, cluster)
  if (isReady) await letMachinesJoin(layout, cluster)
  const has = (process: string) => specs.some(({ name }) => name === process)
  const hasEdge = has('envoy')
  if (isReady && options.example) {
    const target = { layout, cluster, servesImages: has('registry'), hasEdge }
    await postExample(target, printStep, stop.signal)
  }
  if (isReady && !stop.signal.aborted) {
    printWelcome(layout, cluster, { example: options.example === true, hasEdge })
    // A log must not contain a token.
    if (process.stdout.isTTY) await printJoinLine(layout)
  }
  await supervised
  printStep('reckon', 'stopping; the pods stay in the log and start again with "reckon up"')
  await stopCluster(layout, specs, printStep)
  await release()
}

const requestedClusterOf = async (
  layout: Layout,
  options: UpOptions,
): Promise<RequestedCluster> => ({
  runtime: await chooseRuntime(layout, options, printStep),
  ...(options.port && { port: options.port }),
  ...(options.ingressPort && { ingressPort: options.ingressPort }),
  ...(options.ingressTlsPort && { ingressTlsPort: options.ingressTlsPort }),
  ...(options.nodes && { nodes: options.nodes }),
  ...(options.replicas && { replicas: options.replicas }),
  ...(options.dockerHost && { dockerHost: options.dockerHost }),
  ...(options.logDir && { logDir: resolve(options.logDir) }),
  ...(options.memoryCapacity && { memoryCapacity: options.memoryCapacity }),
  ...(options.evictionHard && { evictionHard: options.evictionHard }),
  ...(options.eventStore && { eventStoreUrl: options.eventStore }),
  ...(options.nats && { natsUrl: options.nats }),
  ...(options.advertise && { advertise: options.advertise }),
  ...(options.nodeGrace && { nodeGraceSeconds: options.nodeGrace }),
  settings: {
    ...(options.clusterCidr && { clusterCidr: options.clusterCidr }),
    ...(options.serviceCidr && { serviceCidr: options.serviceCidr }),
    ...(options.clusterDomain && { domain: options.clusterDomain }),
    ...(options.defaultToleration !== undefined && {
      defaultTolerationSeconds: options.defaultToleration,
    }),
    ...(options.allowExternalIps && { allowsExternalIPs: true }),
  },
})
