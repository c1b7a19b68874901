import {
  type ObjectCreated,
  type Origin,
  rulesOf,
  streamOf,
  type Write,
  withoutVersion,
} from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import { generatedName, type KubernetesObject, type Resource, secondsOf } from '@reckon/kubernetes'
import { atHead, type Look } from './at-head.ts'
import { admit, defaulted, mutated, validate } from './phases.ts'
import { prepareContextOf } from './prepare-context.ts'
import type { WritePorts } from './write-ports.ts'

/** An object to create. */
export type Creation = {
  resource: Resource
  object: KubernetesObject
  origin: Origin
  /**
   * Whether the name must never be reused: refused with `AlreadyExists` even if the object was deleted. So a writer
   * whose view is behind does not create again what was created and is gone.
   */
  isNameForOnce?: boolean
  /** Added to the event's data; may depend on the revision that the event will have. */
  joined?(revision: bigint): Omit<ObjectCreated, 'object'>
}

/** The object, completed by the server and admitted. */
export function newObject(ports: WritePorts, creation: Creation): Promise<KubernetesObject> {
  const { resource, object } = creation
  const { namespace, name } = object.metadata
  const key = streamOf(resource, namespace, name)
  return atHead(ports, (look) => attempt(key, () => completed(ports, creation, look)))
}

function completed(ports: WritePorts, creation: Creation, look: Look): KubernetesObject {
  const { resource, origin } = creation
  const { actor } = origin
  const filled: Write = {
    resource,
    object: defaulted({ resource, object: begun(ports, creation) }),
    actor,
  }
  const object = look(() => mutated(filled, prepareContextOf(ports), ports.known))
  const write: Write = { resource, object, actor }
  validate(write)
  look(() => admit(write, ports.known))
  return write.object
}

/** Sets what only the server sets (name, uid, time), and removes what only others set. */
function begun({ ids, clock }: WritePorts, creation: Creation): KubernetesObject {
  const { resource, object: wanted } = creation
  const { generateName, ...given } = withoutVersion(wanted).metadata
  const metadata = {
    ...given,
    ...(generateName && { generateName }),
    name: given.name || (generateName ? generatedName(generateName, ids.below) : ''),
    uid: ids.next(),
    creationTimestamp: secondsOf(clock.now()),
  }
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  const { status: _, ...content } = wanted
  const isBlank = resource.subresources.includes('status') && !rulesOf(resource).bringsStatus
  const fresh = isBlank ? content : wanted
  return { ...fresh, metadata }
}
