import { END, EventStoreDBClient, jsonEvent } from '@eventstore/db-client'

const client = EventStoreDBClient.connectionString(
  process.argv[2] ?? 'esdb://127.0.0.1:2113?tls=false',
)
const visit = (number: number) => jsonEvent({ type: 'VisitCounted', data: { number } })
const print = (what: string) => (error: { type: string }) => console.log(what, error.type)

await client.appendToStream('visits', [visit(1), visit(2)], { expectedRevision: 'no_stream' })
for await (const { event } of client.readStream('visits')) console.log('read', event?.data)

const subscription = client.subscribeToStream('visits', { fromRevision: END })
await new Promise((resolve) => subscription.once('caughtUp', resolve))
const received = new Promise((resolve) => subscription.once('data', resolve))
await client.appendToStream('visits', visit(3), { expectedRevision: 1n })
console.log('received', await received)
await subscription.unsubscribe()

await client
  .appendToStream('visits', visit(4), { expectedRevision: 0n })
  .catch(print('a lost race:'))
await client.deleteStream('visits')
await client.readStream('visits').toArray().catch(print('deleted:'))
await client.tombstoneStream('visits')
await client.appendToStream('visits', visit(5)).catch(print('tombstoned:'))
await client.dispose()
