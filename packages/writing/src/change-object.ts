import {
  assertOpen,
  type ObjectChanged,
  type Origin,
  type Reservable,
  reservationStream,
  rulesOf,
  type StoredObject,
  type Subresource,
  streamOf,
  withoutVersion,
} from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import {
  invalid,
  isDeepEqual,
  isRefusal,
  type KubernetesObject,
  validateStatus,
  validateUpdate,
  withDefaults,
} from '@reckon/kubernetes'
import { type Preconditions, readCurrent, recordChange, type Target } from './record-change.ts'
import { giveBack, reserveAll } from './reserve.ts'
import type { WritePorts } from './write-ports.ts'

export type ChangeOptions = Preconditions & {
  dryRun?: boolean
  subresource?: Subresource
  /** Names the event where the kind's rules do not. */
  type?: string
  /** Joined to the event's data. */
  joined?: Partial<ObjectChanged>
  /** The event's id, where it follows from what is reported. */
  eventId?: string
}

/**
 * Changes an object: `change` gets it as it is and answers it as it shall be; it is called again when another writer was
 * first. An unchanged object yields no event. Removing the last finalizer of a terminating object ends it.
 */
export async function changeObject(
  ports: WritePorts,
  target: Target,
  change: (current: KubernetesObject) => KubernetesObject,
  origin: Origin,
  options: ChangeOptions = {},
): Promise<StoredObject> {
  const { reservables } = rulesOf(target.resource)
  if (!reservables || options.subresource === 'status' || options.dryRun) {
    const decide = (current: StoredObject) => outcomeOf(ports, target, current, change, options)
    return recordChange(ports, target, decide, origin, options)
  }
  for (let tries = 1; ; tries++) {
    try {
      return await changeHolder(ports, target, reservables, change, origin, options)
    } catch (error) {
      const isLostRace = isRefusal(error, 'Conflict') && options.resourceVersion === undefined
      if (!isLostRace || tries === holderTriesMax) throw error
    }
  }
}

const holderTriesMax = 5

/** A change of an object that holds reserved values: what it adds is reserved before, what it gives up released after. */
async function changeHolder(
  ports: WritePorts,
  target: Target,
  reservables: (object: KubernetesObject) => readonly Reservable[],
  change: (current: KubernetesObject) => KubernetesObject,
  origin: Origin,
  options: ChangeOptions,
): Promise<StoredObject> {
  const stored = await readCurrent(ports, target)
  const { uid = '', resourceVersion = '' } = stored.object.metadata
  const stream = streamOf(target.resource, target.namespace, target.name)
  const planned = attempt(stream, () => outcomeOf(ports, target, stored, change, options))
  const [held, wanted] = [
    reservables(stored.object),
    planned.isEnd ? [] : reservables(planned.after),
  ]
  const added = without(wanted, held)
  const holder = { stream, uid }
  await reserveAll(ports, added, holder, origin)
  const pinned = { resourceVersion, ...options }
  const changed = await recordChange(ports, target, () => planned, origin, pinned).catch(
    async (error) => {
      // Where the outcome is unknown the object may need them: the replicator sees later whether it does.
      if (!isRefusal(error, 'Timeout')) await giveBack(ports, added, holder, origin)
      throw error
    },
  )
  await giveBack(ports, without(held, wanted), holder, origin)
  return changed
}

const without = (some: readonly Reservable[], others: readonly Reservable[]): Reservable[] =>
  some.filter((one) => !others.some((other) => reservationStream(one) === reservationStream(other)))

function outcomeOf(
  ports: WritePorts,
  { resource }: Target,
  current: StoredObject,
  change: (current: KubernetesObject) => KubernetesObject,
  { subresource, type, joined, eventId }: ChangeOptions,
) {
  assertOpen(current)
  const before = current.object
  const after = completed(ports, resource, before, change(before), subresource)
  const isEnd =
    before.metadata.deletionTimestamp !== undefined &&
    (before.metadata.finalizers?.length ?? 0) > 0 &&
    (after.metadata.finalizers?.length ?? 0) === 0 &&
    !rulesOf(resource).terminating?.(after, { nowMs: ports.clock.now() })
  return {
    after,
    isEnd,
    ...(type && { type }),
    ...(joined && { joined }),
    ...(eventId && { eventId }),
  }
}

/** The changed object with what only the server decides put right. */
function completed(
  ports: WritePorts,
  resource: Target['resource'],
  before: KubernetesObject,
  wanted: KubernetesObject,
  subresource: Subresource | undefined,
): KubernetesObject {
  checkIdentity(resource, before, wanted)
  const hasStatus = resource.subresources.includes('status')
  if (subresource === 'status') {
    const after = { ...before, ...(wanted.status !== undefined && { status: wanted.status }) }
    if (!isDeepEqual(before.status, after.status)) validateStatus(resource, after)
    return after
  }
  const kept = [
    'uid',
    'creationTimestamp',
    'generation',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ] as const
  const metadata = { ...withoutVersion(wanted).metadata }
  for (const field of kept) {
    if (before.metadata[field] === undefined) delete metadata[field]
    else Object.assign(metadata, { [field]: before.metadata[field] })
  }
  const { status: _, ...content } = wanted
  const merged = {
    ...(hasStatus && subresource === undefined ? content : wanted),
    ...(hasStatus &&
      subresource === undefined &&
      before.status !== undefined && { status: before.status }),
    metadata,
  } as KubernetesObject
  const defaulted = withDefaults(resource, merged)
  const rules = rulesOf(resource)
  const after = rules.prepareUpdate?.(defaulted, before, ports) ?? defaulted
  if (subresource !== 'binding') validateUpdate(resource, before, after)
  if (!rules.countsGeneration || isDeepEqual(before.spec, after.spec)) return after
  const generation = (before.metadata.generation ?? 0) + 1
  return { ...after, metadata: { ...after.metadata, generation } }
}

function checkIdentity(
  resource: Target['resource'],
  before: KubernetesObject,
  after: KubernetesObject,
): void {
  for (const field of ['name', 'namespace', 'uid'] as const) {
    const [is, wanted] = [before.metadata[field], after.metadata[field]]
    if (wanted === undefined || wanted === is) continue
    const message = `Invalid value: "${wanted}": field is immutable`
    const cause = { reason: 'FieldValueInvalid' as const, field: `metadata.${field}`, message }
    throw invalid(resource, before.metadata.name, [cause])
  }
}
