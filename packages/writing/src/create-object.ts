import {
  metadataOf,
  type ObjectCreated,
  type Origin,
  reservablesOf,
  rulesOf,
  type StoredObject,
  streamOf,
  withoutVersion,
} from '@reckon/domain'
import { attempt, execute } from '@reckon/eventing'
import {
  alreadyExists,
  forbidden,
  generatedName,
  isRefusal,
  isTerminating,
  type KubernetesObject,
  notFound,
  type Resource,
  resourceNamed,
  secondsOf,
  validateCreate,
  withDefaults,
} from '@reckon/kubernetes'
import { objectFold } from './record-change.ts'
import { giveBack, reserveAll } from './reserve.ts'
import { createKey, destroyKey } from './write-key.ts'
import type { WritePorts } from './write-ports.ts'

export type CreateOptions = {
  dryRun?: boolean
  /** The status is the writer's to give, as a node's is. */
  keepStatus?: boolean
  /**
   * The name is never to be used twice: refused with `AlreadyExists` also where such an object was deleted. So a writer
   * whose view is behind does not make again what was made and is gone.
   */
  isNameForOnce?: boolean
  /** Joined to the event's data; it may depend on the revision at which the event will stand. */
  joined?: (revision: bigint) => Omit<ObjectCreated, 'object'>
}

/**
 * Brings an object into being: default, prepare, validate, admit, reserve, then one `<Kind>Created`. Refuses with
 * `AlreadyExists`, `Invalid`, `Forbidden` (a terminating namespace), `NotFound` (no such namespace).
 */
export async function createObject(
  ports: WritePorts,
  resource: Resource,
  wanted: KubernetesObject,
  origin: Origin,
  { dryRun = false, keepStatus = false, isNameForOnce = false, joined }: CreateOptions = {},
): Promise<StoredObject> {
  const { metadata: given } = wanted
  const object = attempt(streamOf(resource, given.namespace, given.name), () => {
    const completed = prepared(ports, resource, wanted, keepStatus)
    validateCreate(resource, completed)
    admit(ports, resource, completed)
    return completed
  })
  const { name, namespace = '', uid = '' } = object.metadata
  if (ports.objects.get(resource, namespace, name)) throw alreadyExists(resource, name)
  const id = ports.ids.next()
  const metadata = metadataOf(origin, id, ports.clock.now())
  if (dryRun) {
    const cause = { id, correlationId: metadata.$correlationId }
    return { object, revision: -1n, position: 0n, changes: 0, last: cause, intent: cause }
  }
  const stream = streamOf(resource, namespace, name)
  const reservables = reservablesOf(resource, object)
  const holder = { stream, uid }
  const { isSealed = false } = rulesOf(resource)
  await reserveAll(ports, reservables, holder, origin)
  try {
    const keys = isSealed ? await createKey(ports, holder, origin) : ports.objects.keys
    const data = isSealed ? keys.seal(uid, { object }, { stream, id }) : { object }
    let isStreamNew = true
    const { state } = await execute(ports, stream, {
      known: undefined,
      fold: objectFold(keys),
      decide: (current, revision) => {
        // It is asked a second time only where there is such a stream.
        if (current || (isNameForOnce && !isStreamNew)) throw alreadyExists(resource, name)
        isStreamNew = false
        return {
          id,
          type: `${resource.kind}Created`,
          data: { ...data, ...joined?.(revision) },
          metadata,
        }
      },
    })
    if (!state) throw new Error(`${stream} is not there after its creation`)
    return state
  } catch (error) {
    // Where the outcome is unknown the object may be there: the replicator sees later whether it is.
    if (isRefusal(error, 'Timeout')) throw error
    await giveBack(ports, reservables, holder, origin)
    if (isSealed) await destroyKey(ports, uid)
    throw error
  }
}

/** The object as the server completes it: name, uid, times, defaults, and what its kind's rules decide. */
function prepared(
  ports: WritePorts,
  resource: Resource,
  wanted: KubernetesObject,
  keepStatus: boolean,
): KubernetesObject {
  const { generateName, ...given } = withoutVersion(wanted).metadata
  const metadata = {
    ...given,
    ...(generateName && { generateName }),
    name: given.name || (generateName ? generatedName(generateName, ports.ids.below) : ''),
    uid: ports.ids.next(),
    creationTimestamp: secondsOf(ports.clock.now()),
    ...(rulesOf(resource).countsGeneration && { generation: 1 }),
  }
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  const { status: _, ...content } = wanted
  const fresh = resource.subresources.includes('status') && !keepStatus ? content : wanted
  const defaulted = withDefaults(resource, { ...fresh, metadata } as KubernetesObject)
  return rulesOf(resource).prepareCreate?.(defaulted, ports) ?? defaulted
}

function admit({ objects }: WritePorts, resource: Resource, object: KubernetesObject): void {
  if (!resource.namespaced) return
  const { name, namespace = '' } = object.metadata
  const home = objects.get('namespaces', '', namespace)
  if (!home) throw notFound(resourceNamed('namespaces'), namespace)
  if (isTerminating(home.object)) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    throw forbidden(resource, name, why)
  }
}
