import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js'
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js'

/** The EventStoreDB whose behaviour this store follows. */
const version = '25.0.0'

const methods: readonly (readonly [service: string, method: string, features: string[]])[] = [
  ['event_store.client.streams.streams', 'read', ['position', 'events']],
  ['event_store.client.streams.streams', 'append', []],
  ['event_store.client.streams.streams', 'batchappend', ['deadline_duration']],
  ['event_store.client.streams.streams', 'delete', []],
  ['event_store.client.streams.streams', 'tombstone', []],
  ['event_store.client.gossip.gossip', 'read', []],
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
    method.setFeaturesList(features)
    answer.addMethods(method)
  }
  return answer
}
