import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultSettings, Objects } from '@reckon/domain'
import { createReader } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { createFileSnapshots } from '@reckon/eventing/files'
import { connectBus } from '@reckon/eventing/nats'
import {
  ConfigurationError,
  readConfiguration,
  runProcess,
  systemClock,
  systemIds,
} from '@reckon/process'
import { firstAddress } from './first-address.ts'
import { type ApiConfiguration, runApi } from './serve.ts'

const options = {
  listen: { description: 'the address to listen on', default: '0.0.0.0' },
  port: { description: 'the port to listen on', default: '6443' },
  'advertise-address': {
    description:
      'the address under which pods reach this api; the first one of the pods by default',
    default: '',
  },
  'cluster-id': { description: 'refuse the log of any other cluster', default: '' },
  'tls-cert': { description: "the file with this server's certificate" },
  'tls-key': { description: "the file with this server's key" },
  'client-ca': { description: "the file with the CA of clients' certificates" },
  'cluster-cidr': { description: "pods' addresses", default: defaultSettings.clusterCidr },
  'service-cidr': { description: "Services' addresses", default: defaultSettings.serviceCidr },
  'node-port-range': {
    description: 'first and last node port',
    default: defaultSettings.nodePorts.join('-'),
  },
  'cluster-domain': { description: 'the suffix of DNS names', default: defaultSettings.domain },
  'event-store': { description: 'the connection string of the event store', secret: true },
  nats: { description: 'the address of nats-server', default: 'nats://127.0.0.1:4222' },
  'nats-user': { description: 'the user on nats-server', default: 'api' },
  'nats-password': { description: 'its password', secret: true },
  'data-dir': { description: 'the folder for snapshots of the view' },
} as const

await runProcess('api', async ({ signal, log, health }) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const configuration: ApiConfiguration = {
    host: given.listen,
    port: Number(given.port),
    tls: {
      cert: await readFile(given['tls-cert']),
      key: await readFile(given['tls-key']),
      ca: await readFile(given['client-ca']),
    },
    settings: {
      clusterCidr: given['cluster-cidr'],
      serviceCidr: given['service-cidr'],
      nodePorts: rangeOf(given['node-port-range']),
      domain: given['cluster-domain'],
    },
    advertise: given['advertise-address'] || firstAddress(given['cluster-cidr']),
    ...(given['cluster-id'] && { cluster: given['cluster-id'] }),
  }
  const eventLog = await openEventStore(given['event-store'], { name: 'api' })
  const bus = await connectBus({
    servers: given.nats,
    user: given['nats-user'],
    password: given['nats-password'],
    name: 'api',
    inboxPrefix: `_INBOX_${given['nats-user']}`,
    logger: log,
  })
  const objects = new Objects()
  const store = createFileSnapshots(join(given['data-dir'], 'snapshots'))
  const reading = { log: eventLog, bus, clock: systemClock }
  const reader = createReader(reading, [objects], {
    snapshots: { store, name: 'objects' },
    logger: log,
  })
  let ready = false
  void reader.ready.then(() => {
    ready = true
  })
  health.report(() => ({
    ready,
    ...(reader.position !== undefined && { position: String(reader.position) }),
    ...(reader.head !== undefined && { head: String(reader.head) }),
  }))
  const ports = { ...reading, ids: systemIds, objects, reader, logger: log }
  try {
    await runApi(ports, configuration, signal)
  } finally {
    await bus.close()
    await eventLog.close()
  }
})

function rangeOf(text: string): [number, number] {
  const [first, last] = text.split('-').map(Number)
  if (first === undefined || last === undefined || !(first > 0 && first <= last && last < 65_536)) {
    throw new ConfigurationError(`--node-port-range is no range of ports: ${text}`)
  }
  return [first, last]
}
