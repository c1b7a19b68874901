import type { DeltaRequest } from './delta-message.ts'
import {
  certificateType,
  endpointsType,
  type ResourceTable,
  type VersionedResource,
} from './resource-table.ts'

/** Where one Envoy is with one type of resource. */
export type Subscription = {
  /** Of every name, or only of those it asked for. */
  names: Set<string> | 'All'
  /** The versions that it holds or is about to. */
  sent: Map<string, string>
  /** The names of which it may hold something else than the table says: only these are looked at. */
  doubtful: Set<string>
  /** A first answer is due, even an empty one: Envoy waits for it before it serves. */
  unanswered: boolean
}

/** What is to be sent, and what is to be told to be gone. */
export type Difference = { changed: VersionedResource[]; removed: string[] }

/** Of these Envoy asks for what it needs, of the others for all. */
const byName = [endpointsType, certificateType]

/** Stands for the version of what Envoy was told does not exist. */
const absent = ''

/** With the first request for a type Envoy says what it holds of it already. */
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

/** What it lacks or has otherwise; and what it holds, or asked for by name, and is not to be found. */
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

/** It holds, or is about to, what is sent here. */
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
