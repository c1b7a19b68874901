import { hostname } from 'node:os'
import { join } from 'node:path'
import { Objects } from '@reckon/domain'
import { createReader } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { createFileSnapshots } from '@reckon/eventing/files'
import { connectBus } from '@reckon/eventing/nats'
import { readConfiguration, runProcess, systemClock, systemIds } from '@reckon/process'
import { runScheduler } from './run-scheduler.ts'

const options = {
  'event-store': { description: 'the connection string of the event store', secret: true },
  nats: { description: 'the address of nats-server', default: 'nats://127.0.0.1:4222' },
  'nats-user': { description: 'the user on nats-server', default: 'scheduler' },
  'nats-password': { description: 'its password', secret: true },
  'data-dir': { description: 'the folder for snapshots of the view' },
} as const

await runProcess('scheduler', async ({ signal, log, health }) => {
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const eventLog = await openEventStore(given['event-store'], { name: 'scheduler' })
  const bus = await connectBus({
    servers: given.nats,
    user: given['nats-user'],
    password: given['nats-password'],
    name: 'scheduler',
    inboxPrefix: `_INBOX_${given['nats-user']}`,
    logger: log,
  })
  const objects = new Objects()
  const store = createFileSnapshots(join(given['data-dir'], 'snapshots'))
  const reading = { log: eventLog, bus, clock: systemClock }
  const reader = createReader(reading, [objects], {
    snapshots: { store, name: 'scheduler' },
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
  const holder = `scheduler@${hostname()}`
  try {
    await Promise.all([reader.run(signal), runScheduler(ports, { holder }, signal)])
  } finally {
    await bus.close()
    await eventLog.close()
  }
})
