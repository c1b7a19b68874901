import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleServerStreamingCall, Server } from '@grpc/grpc-js'
import { append } from '../appending/append.ts'
import { batchAppend, type Writing } from '../appending/batch-append.ts'
import { deleteStream, tombstoneStream } from '../appending/delete.ts'
import { decodeAppend, decodeBatchAppend, decodeDelete } from '../protocol/decode.ts'
import { toRefusal } from '../protocol/errors.ts'
import { clusterOfOne } from '../protocol/gossip.ts'
import { parseReadRequest } from '../protocol/read-request.ts'
import { supportedMethods } from '../protocol/server-features.ts'
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

const asItIs = (message: Buffer) => message

/** EventStoreDB's definition of its Streams, with this store's own codec on the hot paths. */
const { StreamsService } = streamsService
const streams = {
  read: { ...StreamsService.read, responseSerialize: asItIs },
  append: { ...StreamsService.append, requestDeserialize: decodeAppend },
  batchAppend: {
    ...StreamsService.batchAppend,
    requestDeserialize: decodeBatchAppend,
    responseSerialize: asItIs,
  },
  delete: { ...StreamsService.delete, requestDeserialize: decodeDelete },
  tombstone: { ...StreamsService.tombstone, requestDeserialize: decodeDelete },
}

/** Puts the services on a server. */
export function addServices(server: Server, parts: ServiceParts): void {
  const { writing, member } = parts
  server.addService(streams, {
    read: serveRead(parts),
    append: append(writing),
    batchAppend: batchAppend(writing),
    delete: deleteStream(writing),
    tombstone: tombstoneStream(writing),
  })
  const answers = (_: unknown, callback: (error: null, answer: unknown) => void) =>
    callback(null, supportedMethods())
  server.addService(featuresService.ServerFeaturesService, { getSupportedMethods: answers })
  server.addService(gossipService.GossipService, {
    read: (_: unknown, callback: (error: null, answer: unknown) => void) =>
      callback(null, clusterOfOne({ ...member, nowMs: writing.clock.now() })),
  })
}

function serveRead({
  storage,
  signal,
  writing,
}: ServiceParts): handleServerStreamingCall<ReadReq, Buffer> {
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
