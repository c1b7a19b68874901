import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Objects } from '@reckon/domain'
import { createFollower } from '@reckon/eventing'
import { createFileIndex } from '@reckon/eventing/files'
import { connectBus } from '@reckon/eventing/nats'
import { createNodeSealing, readConfiguration, runProcess, wireAt } from '@reckon/process'
import {
  masterKeyOption,
  openTokenKey,
  openTrustedPorts,
  openVault,
  tokenKeyOption,
  trustedOptions,
} from '@reckon/process/trusted'
import type { FastifyInstance } from 'fastify'
import { foundingFile } from './founding/founding-file.ts'
import { foundingOptions, foundingSettings } from './founding/founding-settings.ts'
import { indexForm } from './history/activity.ts'
import { Heartbeats } from './node-plane/heartbeats.ts'
import { FoldsInThreads } from './past/threads/folds-in-threads.ts'
import { type ApiConfiguration, runApi } from './run-api.ts'

const options = {
  listen: { description: 'the address to listen on', default: '0.0.0.0' },
  'reached-at': {
    description:
      'besides from this machine and from pods, reached at these of its addresses only, by commas; *: at any',
    default: '*',
  },
  port: { description: 'the port to listen on', default: '6443' },
  'share-port': {
    description: "share the port with this machine's other apis: the kernel spreads connections",
    default: false,
  },
  'advertise-address': {
    description:
      'the address under which pods reach this api; the first one of the pods by default',
    default: '',
  },
  'cluster-id': { description: 'refuse the log of any other cluster', default: '' },
  'founding-memory': {
    description:
      "the file that remembers the founding, one for all apis; in the process' own folder by default",
    default: '',
  },
  'own-nodes': {
    description: "the nodes of the cluster's own machine, by commas; none: any node may join",
    default: '',
  },
  'tls-cert': { description: "the file with this server's certificate" },
  'tls-key': { description: "the file with this server's key" },
  'client-ca': { description: "the file with the CA of clients' certificates" },
  ...foundingOptions,
  'node-grace-seconds': {
    description: 'so long an agent may be silent: agents send a heartbeat four times as often',
    default: '40',
  },
  'master-key': masterKeyOption,
  'service-account-key': tokenKeyOption,
  ...trustedOptions('api'),
} as const

await runProcess('api', async (context) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const ca = await readFile(given['client-ca'])
  const configuration: ApiConfiguration = {
    port: Number(given.port),
    tls: {
      // Served with the CA: a joining machine knows the CA by its hash, and verifies the rest by
      // the CA.
      cert: Buffer.concat([await readFile(given['tls-cert']), Buffer.from('\n'), ca]),
      key: await readFile(given['tls-key']),
      ca,
    },
    settings: foundingSettings(given),
    ...(given['reached-at'] !== '*' && { reachedAt: listed(given['reached-at']) }),
    ...(given['advertise-address'] && { advertise: given['advertise-address'] }),
    ...(given['cluster-id'] && { cluster: given['cluster-id'] }),
    memory: foundingFile(given['founding-memory'] || join(given['data-dir'], 'founded')),
  }
  const tokenKey = await openTokenKey(given['service-account-key'])
  const vault = await openVault(given['master-key'])
  const reading = { create: createFollower, keep: 'Series' } as const
  const ports = await openTrustedPorts('api', given, context, reading)
  const streams = await connectBus({
    ...wireAt(given),
    user: given['nats-user'],
    password: given['nats-password'],
    name: 'streams of api',
    logger: context.log,
  })
  const listen = async (app: FastifyInstance) => {
    // Fastify passes options that it does not know on to Node.
    const address = { host: given.listen, port: configuration.port, reusePort: given['share-port'] }
    await app.listen(address)
  }
  const past = new FoldsInThreads({
    eventStore: given['event-store'],
    dataDir: given['data-dir'],
    masterKey: given['master-key'],
  })
  const heartbeats = new Heartbeats(ports)
  const pastFoldsOf = (objects: Objects) => past.of(objects)
  try {
    const keys = { ...(vault && { vault }), ...(tokenKey && { tokenKey }) }
    const ownNodes = listed(given['own-nodes'])
    const index = createFileIndex(join(given['data-dir'], `index-${indexForm}`))
    const own = {
      index,
      streams,
      nodeSealing: createNodeSealing(),
      listen,
      pastFoldsOf,
      heartbeats,
      nodeGraceSeconds: Number(given['node-grace-seconds']),
    }
    const nodes = ownNodes.size > 0 ? { ownNodes } : {}
    await runApi({ ...ports, ...own, ...nodes, ...keys }, configuration, context.signal)
  } finally {
    await Promise.all([ports.close(), streams.close(), past.close()])
  }
})

function listed(text: string): ReadonlySet<string> {
  return new Set(text.split(',').filter((each) => each !== ''))
}
