import type { Origin, WritableSubresource } from '@reckon/domain'
import { isRefusal, type KubernetesObject } from '@reckon/kubernetes'
import { type Change, changeObject, wouldChange } from './change-object.ts'
import { createObject, wouldCreate } from './create-object.ts'
import { historicManagers, managedObject } from './managed-object.ts'
import type { Preconditions } from './preconditions.ts'
import type { Target } from './target.ts'
import type { WritePorts } from './write-ports.ts'

/** A server-side apply, which changes or creates the object. */
export type Apply = {
  target: Target
  origin: Origin
  preconditions?: Preconditions
  subresource?: WritableSubresource
  isDryRun: boolean
  /** Applies the configuration to the current object; both with their managers. */
  applied(current: KubernetesObject): KubernetesObject
  /** The object to create where there is none; refuses where creating is not allowed. */
  created(): KubernetesObject
}

/** The resulting object in its stored version, and whether it was created. */
export type Applied = { object: KubernetesObject; isNew: boolean }

const triesMax = 5

/** Applies; if somebody else creates or deletes the object at the same moment, it starts over. */
export async function applyObject(ports: WritePorts, apply: Apply): Promise<Applied> {
  for (let tries = 1; ; tries++) {
    try {
      return await applyOnce(ports, apply)
    } catch (error) {
      if (!isRefusal(error, 'AlreadyExists') || tries === triesMax) throw error
    }
  }
}

async function applyOnce(ports: WritePorts, apply: Apply): Promise<Applied> {
  try {
    return { object: await changed(ports, apply), isNew: false }
  } catch (error) {
    const isAbsent = isRefusal(error, 'NotFound') && error.details?.name === apply.target.name
    if (!isAbsent || apply.subresource !== undefined) throw error
  }
  const { resource } = apply.target
  const creation = { resource, object: apply.created(), origin: apply.origin }
  const object = apply.isDryRun
    ? (await wouldCreate(ports, creation)).object
    : (await createObject(ports, creation)).stored.object
  return { object, isNew: true }
}

async function changed(ports: WritePorts, apply: Apply): Promise<KubernetesObject> {
  const { target, isDryRun, applied, created: _, ...asked } = apply
  const { resource, namespace, name } = target
  const known = ports.known.get(resource, namespace, name)
  const isManaged = known?.object.metadata.managedFields !== undefined
  const historic = isManaged ? undefined : await historicManagers(ports, target)
  const change: Change = {
    ...asked,
    target,
    change: (current) => applied(managedObject(ports, target, current, historic)),
  }
  return isDryRun
    ? (await wouldChange(ports, change)).object
    : (await changeObject(ports, change)).stored.object
}
