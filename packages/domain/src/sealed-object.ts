import type { SealedText } from '@reckon/eventing'
import { type KubernetesObject, StatusError } from '@reckon/kubernetes'
import { closedObject } from './closed-object.ts'
import type { StoredObject } from './stored-object.ts'
import type { KeyRing } from './views/key-ring.ts'

/** The object after its key was destroyed. */
export function closed(stored: StoredObject, stream: string): StoredObject {
  const { uid = '' } = stored.object.metadata
  return { ...stored, object: closedObject(stream, uid, stored.position), sealed: 'Closed' }
}

/** Refuses to change an object whose content is not known here. */
export function assertOpen({ object, sealed }: StoredObject): void {
  if (sealed !== 'Closed') return
  const { kind, metadata } = object
  throw new StatusError(
    'InternalError',
    `${kind} "${metadata.name}" cannot be opened: its key is destroyed, or of another master key`,
  )
}

/** An object as a snapshot stores it: what is decrypted in memory is encrypted there. */
export type SavedObject = Omit<StoredObject, 'object'> & {
  object?: KubernetesObject
  sealedObject?: SealedText
}

/** It stays closed if its key was destroyed meanwhile. */
export function savedObject(keys: KeyRing, stream: string, stored: StoredObject): SavedObject {
  if (stored.sealed !== 'Open') return stored
  if (!keys.has(uidOf(stored.object))) return closed(stored, stream)
  const { object, ...rest } = stored
  const text = JSON.stringify(object)
  const sealedObject = keys.sealText(uidOf(object), text, placeOf(stream, stored.position))
  return { ...rest, sealedObject, object: closedObject(stream, uidOf(object), stored.position) }
}

/** Restores the object; it stays closed where its key is not available. */
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
