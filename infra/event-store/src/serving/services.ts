import type { handleServerStreamingCall, Server } from '@grpc/grpc-js'
import { append } from '../appending/append.ts'
import { batchAppend, type Writing } from '../appending/batch-append.ts'
import { deleteStream } from '../appending/delete.ts'
import { toRefusal } from '../protocol/errors.ts'
import { clusterOfOne } from '../protocol/gossip.ts'
import { parseReadRequest, type UnreadReadRequest } from '../protocol/read-request.ts'
import { supportedMethods } from '../protocol/server-features.ts'
import {
  featuresDefinition,
  gossipDefinition,
  streamsDefinition,
} from '../protocol/service-definitions.ts'
import type { CommitSignal } from '../reading/commit-signal.ts'
import { createOutlet } from '../reading/outlet.ts'
import { read } from '../reading/read.ts'
import { subscribe } from '../reading/subscription.ts'
import { createTurns } from '../reading/turns.ts'
import type { Storage } from '../storage/storage.ts'

/** What the services are made of. */
export interface ServiceParts {
  readonly storage: Storage
  readonly signal: CommitSignal
  readonly writing: Writing
  /** This node, as gossip names it. */
  readonly member: { readonly id: string; readonly host: string; readonly port: number }
}

/** Puts the services on a server. */
export function addServices(server: Server, parts: ServiceParts): void {
  const { writing, member } = parts
  server.addService(streamsDefinition, {
    read: serveRead(parts),
    append: append(writing),
    batchAppend: batchAppend(writing),
    delete: deleteStream('Delete', writing),
    tombstone: deleteStream('Tombstone', writing),
  })
  const answers = (_: unknown, callback: (error: null, answer: unknown) => void) =>
    callback(null, supportedMethods())
  server.addService(featuresDefinition, { getSupportedMethods: answers })
  server.addService(gossipDefinition, {
    read: (_: unknown, callback: (error: null, answer: unknown) => void) =>
      callback(null, clusterOfOne({ ...member, nowMs: writing.clock.now() })),
  })
}

function serveRead({
  storage,
  signal,
  writing,
}: ServiceParts): handleServerStreamingCall<UnreadReadRequest, Buffer> {
  const { clock } = writing
  const turns = createTurns()
  return (call) => {
    const outlet = createOutlet(call)
    const serve = async () => {
      await turns.next()
      const request = parseReadRequest(call.request)
      const reading = { storage, clock, outlet, signal, turns }
      await (request.limit === 'Subscription'
        ? subscribe(request, reading)
        : read(request, reading))
    }
    serve().then(
      () => call.end(),
      (error: unknown) => call.emit('error', toRefusal(error)),
    )
  }
}
