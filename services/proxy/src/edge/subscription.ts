import type { DeltaRequest } from './delta-message.ts'
import {
  certificateType,
  endpointsType,
  type ResourceTable,
  type VersionedResource,
} from './resource-table.ts'

/** The state of one Envoy for one type of resource. */
export type Subscription = {
  /** Subscribes to all names, or only to those it asked for. */
  names: Set<string> | 'All'
  /** The versions that it has or is being sent. */
  sent: Map<string, string>
  /** The names for which Envoy may differ from the table; only these are compared. */
  doubtful: Set<string>
  /** A first response is due, even an empty one: Envoy waits for it before it serves. */
  unanswered: boolean
}

/** Resources to send, and names to remove. */
export type Difference = { changed: VersionedResource[]; removed: string[] }

/** Types that Envoy requests by name; it subscribes to all of the others. */
const byName = [endpointsType, certificateType]

/** Stands for the version of a resource that Envoy was told does not exist. */
const absent = ''

/** With its first request for a type Envoy says what it already has. */
export function subscriptionOf(request: DeltaRequest, table: ResourceTable): Subscription {
  const { type_url: type, resource_names_subscribe: names } = request
  const all = !byName.includes(type) && (names.length === 0 || names.includes('*'))
  const sent = new Map(Object.entries(request.initial_resource_versions))
  return {
    names: all ? 'All' : new Set(names),
    sent,
    doubtful: new Set(all ? [...table.of(type).keys(), ...sent.keys()] : names),
    unanswered: true,
  }
}

/** What Envoy lacks or has in another version; and what it has, or asked for by name, and does not exist. */
export function differing(
  { names, sent, doubtful }: Subscription,
  find: (name: string) => VersionedResource | undefined,
): Difference {
  const [changed, removed]: [VersionedResource[], string[]] = [[], []]
  for (const name of doubtful) {
    const wanted = find(name)
    const held = sent.get(name)
    const isAsked = names === 'All' || names.has(name)
    const isHeld = names === 'All' ? held !== undefined : isAsked && held !== absent
    if (wanted && isAsked && held !== wanted.version) changed.push(wanted)
    else if (!wanted && isHeld) removed.push(name)
    else doubtful.delete(name)
  }
  return { changed, removed }
}

/** Records what is being sent. */
export function noteSent(
  subscription: Subscription,
  resources: readonly VersionedResource[],
  removed: readonly string[],
): void {
  subscription.unanswered = false
  for (const { name, version } of resources) {
    subscription.sent.set(name, version)
    subscription.doubtful.delete(name)
  }
  for (const name of removed) {
    subscription.sent.delete(name)
    subscription.doubtful.delete(name)
    if (subscription.names !== 'All') subscription.sent.set(name, absent)
  }
}
