import { connectBus } from '@reckon/eventing/nats'
import type { NodeSettings } from '@reckon/node-plane'
import {
  findNodeKey,
  nodeWireOptions,
  readConfiguration,
  runProcess,
  runTogether,
  systemClock,
  wireAt,
} from '@reckon/process'
import { edgeFiles } from '@reckon/routing'
import type { OpenedDataplane } from './dataplane.ts'
import { EnvoyEdge } from './edge/envoy-edge.ts'
import { keepAccessLog } from './edge/keep-access-log.ts'
import { openMachineNetwork, removeMachineNetwork } from './machine-network.ts'
import { measureOutputs } from './measure-outputs.ts'
import { measureNames } from './names/dns-metrics.ts'
import { missingForPackets } from './packets/missing-for-packets.ts'
import { proxyHealth, unreachedText } from './proxy-health.ts'
import { type ProxyPorts, type ProxyStatus, runProxy } from './run-proxy.ts'

const options = {
  'node-name': { description: 'the node whose wire is followed' },
  'machine-nodes': {
    description: 'all nodes of this machine, with commas; the one node where none is given',
    default: '',
  },
  ...nodeWireOptions,
  'nats-user': { description: "user at NATS; the node's own where none is given", default: '' },
  'nats-password': { description: 'password at NATS', default: '', secret: true },
  'data-dir': { description: 'folder of this process' },
  'envoy-dir': { description: 'folder shared with Envoy' },
  'ingress-http-port': { description: 'port of the edge for HTTP', default: '8080' },
  'ingress-https-port': { description: 'port of the edge for HTTPS', default: '8443' },
  'node-key': {
    description: "file with the node's key, which its agent makes; without it there is no TLS",
    default: '',
  },
  'pod-bridge': { description: 'bridge that pods are connected to', default: 'reckon0' },
  'without-dataplane': { description: 'only the edge: needs no root', default: false },
  remove: {
    description: "take this machine's packet rules, link and routes away, and end",
    default: false,
  },
} as const

const keyEveryMs = 500

await runProcess('proxy', async ({ signal, log, health, metrics }) => {
  const configuration = readConfiguration(options, process.argv.slice(2), process.env)
  const withDataplane = !configuration['without-dataplane']
  const dataDir = configuration['data-dir']
  if (configuration.remove) {
    if (withDataplane) await removeMachineNetwork(dataDir)
    return
  }

  const node = configuration['node-name']
  const machineNodes = (configuration['machine-nodes'] || node).split(',')
  const edge = new EnvoyEdge({
    folder: configuration['envoy-dir'],
    node,
    httpPort: Number(configuration['ingress-http-port']),
    tlsPort: Number(configuration['ingress-https-port']),
    clock: systemClock,
    log,
    signal,
    onRejected: (type, message) => log.error({ type, message }, 'Envoy rejected what it was told'),
  })
  let unserved: string | undefined
  let unreached: string | undefined
  const openDataplane = async (settings: NodeSettings): Promise<OpenedDataplane> => {
    if (!withDataplane) return { edge }
    const missing = await missingForPackets()
    if (missing !== undefined) {
      unserved = `Services and names are not served on this machine: ${missing}`
      log.error(unserved)
      return { edge }
    }
    const onFailure = (error: unknown, what: string) => log.error({ err: error }, what)
    const onUnreached = (names: readonly string[]) => {
      unreached = names.length === 0 ? undefined : unreachedText(names)
      if (unreached) log.warn(unreached)
    }
    const podBridge = configuration['pod-bridge']
    const nodes = new Set(machineNodes)
    const told = { onFailure, onUnreached, onAnswered: measureNames(metrics) }
    const machine = { clock: systemClock, dataDir, podBridge, nodes, ...told }
    return { edge, ...(await openMachineNetwork(settings, machine)) }
  }

  let readStatus: (() => ProxyStatus) | undefined
  const countFailure = measureOutputs(metrics, () => readStatus?.())

  const user = configuration['nats-user'] || node
  const bus = await connectBus({
    ...wireAt(configuration),
    name: `proxy-${node}`,
    user,
    password: configuration['nats-password'],
    logger: log,
  })
  const ports: ProxyPorts = {
    bus,
    clock: systemClock,
    log,
    metrics,
    openDataplane,
    report: (status) => {
      readStatus = status
      health.report(() => {
        const rejections = [...edge.rejections].map(([type, why]) => `${type}: ${why}`)
        return proxyHealth(status(), [...rejections, unserved ?? [], unreached ?? []].flat())
      })
    },
    ...(configuration['node-key'] && { nodeKey: nodeKeyIn(configuration['node-key']) }),
    onFailure: (output, error) => {
      countFailure(output)
      log.error({ err: error }, `${output} could not be applied`)
    },
  }
  const files = edgeFiles(configuration['envoy-dir'])
  await runTogether(signal, [
    (ended) => runProxy(ports, { node, machineNodes }, ended),
    (ended) => keepAccessLog({ clock: systemClock, log, files }, ended),
  ])
  edge.close()
  await bus.close()
})

/** The node's key, as soon as the agent has created it. */
function nodeKeyIn(path: string) {
  return async (ended: AbortSignal) => {
    let key = await findNodeKey(path)
    while (key === undefined && !ended.aborted) {
      await systemClock.sleep(keyEveryMs, ended)
      key = await findNodeKey(path)
    }
    return key
  }
}
