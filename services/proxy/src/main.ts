import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { connectBus } from '@reckon/eventing/nats'
import { type Loop, readConfiguration, runProcess, runTogether, systemClock } from '@reckon/process'
import type { Dataplane } from './dataplane.ts'
import { EnvoyEdge } from './edge/envoy-edge.ts'
import { DnsServer } from './names/dns-server.ts'
import { removeDataplane, settleHostNetwork } from './packets/host-network.ts'
import { keepHostNetwork } from './packets/keep-host-network.ts'
import { NftPackets } from './packets/nft-packets.ts'
import { runProxy } from './run-proxy.ts'

const options = {
  'node-name': { description: 'the node whose wire is followed' },
  nats: { description: 'address of NATS', default: 'nats://127.0.0.1:4222' },
  'nats-user': { description: "user at NATS; the node's own where none is given", default: '' },
  'nats-password': { description: 'password at NATS', default: '', secret: true },
  'data-dir': { description: 'folder of this process' },
  'envoy-dir': { description: 'folder shared with Envoy' },
  'ingress-http-port': { description: 'port of the edge for HTTP', default: '8080' },
  'ingress-https-port': {
    description: 'port of the edge for HTTPS, from the first certificate on',
    default: '8443',
  },
  'cluster-cidr': { description: 'addresses of all pods', default: '10.244.0.0/16' },
  'service-cidr': { description: 'addresses of all services', default: '10.96.0.0/16' },
  'cluster-dns': { description: "address of the cluster's DNS", default: '169.254.20.10' },
  'cluster-domain': { description: 'domain of the cluster', default: 'cluster.local' },
  'pod-bridge': { description: 'bridge that pods are connected to', default: 'reckon0' },
  'without-dataplane': { description: 'only the edge: needs no root', default: false },
  remove: {
    description: "take this machine's packet rules, link and routes away, and end",
    default: false,
  },
} as const

await runProcess('proxy', async ({ signal, log, health }) => {
  const configuration = readConfiguration(options, process.argv.slice(2), process.env)
  const network = {
    serviceCidr: configuration['service-cidr'],
    dnsAddress: configuration['cluster-dns'],
    podBridge: configuration['pod-bridge'],
  }
  const withDataplane = !configuration['without-dataplane']
  if (configuration.remove) {
    if (withDataplane) await removeDataplane(network)
    return
  }

  const node = configuration['node-name']
  const edge = new EnvoyEdge({
    folder: configuration['envoy-dir'],
    node,
    httpPort: Number(configuration['ingress-http-port']),
    clock: systemClock,
    signal,
    onRejected: (type, message) => log.error({ type, message }, 'Envoy rejected what it was told'),
  })
  const dataplane: Dataplane = { edge }
  const keeping: Loop[] = []
  if (withDataplane) {
    await mkdir(configuration['data-dir'], { recursive: true })
    await settleHostNetwork(network)
    const scriptFile = join(configuration['data-dir'], 'packets.nft')
    const packets = new NftPackets({ serviceCidr: network.serviceCidr, scriptFile })
    dataplane.packets = packets
    dataplane.names = new DnsServer({
      address: network.dnsAddress,
      port: 53,
      resolvConf: '/etc/resolv.conf',
      onFailure: (error) => log.error({ err: error }, 'a name could not be answered'),
    })
    const onFailure = (error: unknown) => log.error({ err: error }, "the host's network failed")
    const settle = async () => {
      await settleHostNetwork(network)
      await packets.restore()
    }
    keeping.push((ended) => keepHostNetwork({ clock: systemClock, settle, onFailure }, ended))
  }

  const user = configuration['nats-user'] || `node-${node}`
  const bus = await connectBus({
    servers: configuration.nats,
    name: `proxy-${node}`,
    user,
    password: configuration['nats-password'],
    logger: log,
  })
  await runTogether(signal, [
    ...keeping,
    (ended) =>
      runProxy(
        {
          bus,
          clock: systemClock,
          dataplane,
          report: (status) =>
            health.report(() => {
              const { position, applied, failures } = status()
              const rejections = [...edge.rejections].map(([type, why]) => `${type}: ${why}`)
              const troubles = [...failures, ...rejections]
              return {
                ready: applied !== undefined && failures.length === 0,
                ...(applied === undefined ? {} : { position: applied.toString() }),
                ...(position === undefined ? {} : { head: position.toString() }),
                ...(troubles.length === 0 ? {} : { detail: troubles.join('; ') }),
              }
            }),
          onFailure: (output, error) => log.error({ err: error }, `${output} could not be applied`),
        },
        {
          node,
          clusterDomain: configuration['cluster-domain'],
          clusterCidr: configuration['cluster-cidr'],
          serviceCidr: network.serviceCidr,
        },
        ended,
      ),
  ])
  edge.close()
  await bus.close()
})
