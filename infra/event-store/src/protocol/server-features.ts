import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js'
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js'

/** The EventStoreDB whose behaviour this store follows. */
const version = '25.0.0'

const persistentService = 'event_store.client.persistent_subscriptions.persistentsubscriptions'
const persistentSubscriptions = [
  ...['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list', 'restartsubsystem'],
]

const methods: readonly (readonly [
  service: string,
  method: string,
  features: readonly string[],
])[] = [
  ['event_store.client.streams.streams', 'read', ['position', 'events']],
  ['event_store.client.streams.streams', 'append', []],
  ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
  ['event_store.client.streams.streams', 'delete', []],
  ['event_store.client.streams.streams', 'tombstone', []],
  ['event_store.client.gossip.gossip', 'read', []],
  // Not implemented, but named: the client then calls by gRPC and receives UNIMPLEMENTED, instead
  // of trying HTTP. Without the feature `all` the client itself reports that those to $all are not
  // supported.
  ...persistentSubscriptions.map((name) => [persistentService, name, ['stream']] as const),
  ['event_store.client.projections.projections', 'create', ['track_emitted_streams']],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
]

/** What `ServerFeatures/GetSupportedMethods` answers: the client asks before it appends. */
export function supportedMethods(): SupportedMethods {
  const answer = new featureMessages.SupportedMethods()
  answer.setEventStoreServerVersion(version)
  for (const [service, name, features] of methods) {
    const method = new featureMessages.SupportedMethod()
    method.setServiceName(service)
    method.setMethodName(name)
    method.setFeaturesList([...features])
    answer.addMethods(method)
  }
  return answer
}
