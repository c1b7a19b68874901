import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { Objects } from '@reckon/domain'
import { createFollower } from '@reckon/eventing'
import { createMemoryHub } from '@reckon/eventing/memory'
import { readConfiguration, runProcess, systemClock, systemIds } from '@reckon/process'
import { WriterView } from '@reckon/writing'
import { createApi } from '../create-api.ts'
import { readIncident } from './incident-file.ts'
import { recordedLog } from './recorded-log.ts'

const options = {
  file: { description: 'what "reckon export" wrote' },
  port: { description: 'the port of 127.0.0.1 to listen on; 0: any', default: '0' },
  'tls-cert': { description: "the file with this server's certificate" },
  'tls-key': { description: "the file with this server's key" },
  'client-ca': { description: "the file with the CA of clients' certificates" },
} as const

/**
 * Serves the API over an exported log, read-only: everything as of the export, and everything before. Sends its parent
 * process its port once it is ready.
 */
await runProcess('opened api', async ({ signal, log: logger, metrics }) => {
  // It must end with its parent, however that ends.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  const given = readConfiguration(options, process.argv.slice(2), process.env)
  const { events, timeMs } = await readIncident(given.file, signal)
  const log = recordedLog(events)
  const hub = createMemoryHub()
  // Time stands still at the moment of the export.
  const clock = { ...systemClock, now: () => timeMs }
  const [bus, streams] = [hub.connect('api'), hub.connect('streams of api')]
  const objects = new Objects()
  const reader = createFollower({ log, bus, clock }, [objects], { logger })
  const ports = { log, bus, streams, clock, ids: systemIds, objects, reader, logger, metrics }
  const [cert, key, ca] = await Promise.all(
    (['tls-cert', 'tls-key', 'client-ca'] as const).map((name) => readFile(given[name])),
  )
  if (!cert || !key || !ca) throw new Error('there is no certificate')
  const app = createApi({ ...ports, known: new WriterView(objects) }, { tls: { cert, key, ca } })
  const reading = reader.run(signal)
  await Promise.race([reader.ready, reading])
  await app.listen({ host: '127.0.0.1', port: Number(given.port) })
  process.send?.({ port: portOf(app.server.address()), events: events.length })
  await reading
  await app.close()
})

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('it listens on no port')
  return address.port
}
