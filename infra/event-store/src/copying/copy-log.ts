import { Client, credentials as channelCredentials, Metadata, status } from '@grpc/grpc-js'
import { readEverything } from '../protocol/read-everything.ts'
import type { Credentials } from '../serving/credentials.ts'
import { openDatabase } from '../storage/database.ts'
import { CopiedLog } from './copied-log.ts'

/** An embedded store of this machine that serves, and what it asks of a client. */
export interface ServingStore {
  readonly port: number
  /** In PEM. */
  readonly authority: Buffer
  readonly credentials: Credentials
}

/** The largest message, of an append of 16 MiB. */
const messageBytesMax = 17 << 20

/**
 * Less than these of events and of bytes is read in one moment, in which nothing is removed: half of a page of the
 * store's.
 */
const momentEventsMax = 256
const momentBytesMax = 512 << 10
const method = '/event_store.client.streams.Streams/Read'

/**
 * Copies the log of a store that serves into a data directory of its own, in which another store goes on: every event
 * with its stream, revision, position and id. It is read on until little is newer, so that of what was removed
 * meanwhile the removal is there, too. Answers how many events that are, and the position of the last one.
 */
export async function copyLog(
  source: ServingStore,
  dataDir: string,
): Promise<{ events: number; head: number }> {
  const authority = channelCredentials.createSsl(source.authority)
  const limits = { 'grpc.max_receive_message_length': messageBytesMax }
  const client = new Client(`localhost:${source.port}`, authority, limits)
  const copy = openDatabase(dataDir, 'full', (database) => new CopiedLog(database))
  try {
    for (let isMoment = false; !isMoment; ) {
      let [events, bytes] = [0, 0]
      const messages: AsyncIterable<Buffer> = client.makeServerStreamRequest(
        method,
        (request) => request,
        (message) => message,
        readEverything(copy.head + 1),
        loginOf(source.credentials),
      )
      for await (const message of messages) {
        copy.add(message)
        events += 1
        bytes += message.length
      }
      isMoment = events < momentEventsMax && bytes < momentBytesMax
    }
    return { events: copy.events, head: copy.head }
  } catch (error) {
    if (!isAway(error)) throw error
    throw new Error('the event store does not answer: it is copied while it runs', { cause: error })
  } finally {
    copy.close()
    client.close()
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === status.UNAVAILABLE

function loginOf({ username, password }: Credentials): Metadata {
  const metadata = new Metadata()
  const login = Buffer.from(`${username}:${password}`).toString('base64')
  metadata.set('authorization', `Basic ${login}`)
  return metadata
}
