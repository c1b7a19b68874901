import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { openEventStoreServer } from '@reckon/event-store'
import { eventLogContract } from '@reckon/eventing/contract'
import { openEventStore } from '@reckon/eventing/eventstore'

const real = process.env.EVENT_STORE

if (real !== undefined) {
  eventLogContract('EventStoreDB', () => openEventStore(real, { name: 'contract' }))
} else {
  const dataDir = await mkdtemp(join(tmpdir(), 'contract-'))
  const server = await openEventStoreServer({ dataDir, host: '127.0.0.1', port: 0 })
  after(async () => {
    await server.close()
    await rm(dataDir, { recursive: true })
  })
  eventLogContract('embedded', () => openEventStore(server.url, { name: 'contract' }))
}
