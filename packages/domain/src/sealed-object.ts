import type { SealedText } from '@reckon/eventing'
import { apiVersionOf, type KubernetesObject, resourceNamed, StatusError } from '@reckon/kubernetes'
import type { StoredObject } from './stored-object.ts'
import { refOf } from './stream-name.ts'
import type { KeyRing } from './views/key-ring.ts'

/** What is known of a sealed object that cannot be opened: that it exists. */
export function closedObject(stream: string, uid: string, position: bigint): KubernetesObject {
  const ref = refOf(stream)
  const resource = ref && resourceNamed(ref.resourceId)
  if (!ref || !resource) throw new Error(`${stream} is no object's stream`)
  const { namespace, name } = ref
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion: String(position) },
  }
}

/** The object as it is once its key is destroyed. */
export function closed(stored: StoredObject, stream: string): StoredObject {
  const { uid = '' } = stored.object.metadata
  return { ...stored, object: closedObject(stream, uid, stored.position), sealed: 'Closed' }
}

/** Refuses to go on with an object whose content is unknown here. */
export function assertOpen({ object, sealed }: StoredObject): void {
  if (sealed !== 'Closed') return
  const { kind, metadata } = object
  throw new StatusError(
    'InternalError',
    `${kind} "${metadata.name}" cannot be opened: its key is destroyed, or of another master key`,
  )
}

/** An object as a snapshot keeps it: what is open in memory is sealed there. */
export type SavedObject = Omit<StoredObject, 'object'> & {
  object?: KubernetesObject
  sealedObject?: SealedText
}

export function savedObject(keys: KeyRing, stream: string, stored: StoredObject): SavedObject {
  if (stored.sealed !== 'Open') return stored
  const { object, ...rest } = stored
  const text = JSON.stringify(object)
  const sealedObject = keys.sealText(uidOf(object), text, placeOf(stream, stored.position))
  return { ...rest, sealedObject, object: closedObject(stream, uidOf(object), stored.position) }
}

/** The object again; it stays closed where its key is not at hand. */
export function loadedObject(keys: KeyRing, stream: string, saved: SavedObject): StoredObject {
  const { sealedObject, object, ...rest } = saved
  if (object === undefined) throw new Error(`the snapshot has no object for ${stream}`)
  if (sealedObject === undefined) return { ...rest, object }
  const text = keys.openText(uidOf(object), sealedObject, placeOf(stream, rest.position))
  return text === undefined
    ? { ...rest, object, sealed: 'Closed' }
    : { ...rest, object: JSON.parse(text) }
}

const placeOf = (stream: string, position: bigint): string => `snapshot ${stream} ${position}`

const uidOf = ({ metadata }: KubernetesObject): string => metadata.uid ?? ''
