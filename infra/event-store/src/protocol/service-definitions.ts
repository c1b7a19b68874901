import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { decodeAppend, decodeBatchAppend, decodeDelete } from './decode.ts'

const asItIs = (message: Buffer) => message
const { StreamsService } = streamsService

/** EventStoreDB's Streams with this store's own codec: what calls answer is encoded already. */
export const streamsDefinition = {
  read: { ...StreamsService.read, responseSerialize: asItIs },
  append: {
    ...StreamsService.append,
    requestDeserialize: decodeAppend,
    responseSerialize: asItIs,
  },
  batchAppend: {
    ...StreamsService.batchAppend,
    requestDeserialize: decodeBatchAppend,
    responseSerialize: asItIs,
  },
  delete: {
    ...StreamsService.delete,
    requestDeserialize: decodeDelete,
    responseSerialize: asItIs,
  },
  tombstone: {
    ...StreamsService.tombstone,
    requestDeserialize: decodeDelete,
    responseSerialize: asItIs,
  },
}

/** EventStoreDB's ServerFeatures and Gossip, asked once by each client. */
export const featuresDefinition = featuresService.ServerFeaturesService
export const gossipDefinition = gossipService.GossipService
