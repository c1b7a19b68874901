import type { ObjectChange, Objects } from '@reckon/domain'
import {
  claimsOf,
  isFinished,
  isOf,
  namesOf,
  nodes,
  objectKey,
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  selectedNodeOf,
  storageClasses,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import { carryOut } from './carry-out.ts'
import { planClaim } from './claim-plan.ts'
import type { Step } from './step.ts'
import { planVolume } from './volume-plan.ts'

const claimKey = (path: string) => `claim ${path}`
const volumeKey = (name: string) => `volume ${name}`

/** Binds claims to volumes, releases and reclaims volumes, and protects what is in use from deletion. */
export const persistentVolumeController: Controller = {
  name: 'persistentvolume-controller',

  keysOf(change, objects) {
    const { object } = change.stored
    if (isOf(persistentVolumeClaims, object)) return keysOfClaim(change, object, objects)
    if (isOf(persistentVolumes, object)) return keysOfVolume(change, object, objects)
    if (isOf(pods, object)) return claimsOf(object).map(claimKey)
    if (isOf(storageClasses, object)) return waitingClaims(objects).map(keyOfClaim)
    if (isOf(nodes, object) && change.type === 'DELETED') {
      const { name } = object.metadata
      return waitingClaims(objects).flatMap((claim) =>
        selectedNodeOf(claim) === name ? keyOfClaim(claim) : [],
      )
    }
    return []
  },

  allKeys: (objects) => [
    ...objects.list(persistentVolumeClaims).map(({ object }) => keyOfClaim(object)),
    ...objects.list(persistentVolumes).map(({ object }) => volumeKey(object.metadata.name)),
  ],

  async reconcile(key, context) {
    const [kind, path = ''] = key.split(' ')
    if (kind === 'claim') await reconcileClaim(path, context)
    else await reconcileVolume(path, context)
    return undefined
  },
}

async function reconcileClaim(path: string, context: Context): Promise<void> {
  const { objects, writerFor, nowMs, lookedAt } = context
  const stored = objects.get(persistentVolumeClaims, ...namesOf(path))
  if (stored === undefined) return
  const { namespace = '' } = stored.object.metadata
  const volumes = () => objects.list(persistentVolumes).map(({ object }) => object)
  const users = () =>
    objects
      .list(pods, namespace)
      .flatMap(({ object }) =>
        !isFinished(object.status) && claimsOf(object).includes(path) ? [object] : [],
      )
  const steps = planFor(stored.object, () =>
    planClaim(stored.object, {
      volume: (name) => objects.get(persistentVolumes, '', name)?.object,
      volumes: () => counted(volumes()),
      storageClass: (name) => objects.get(storageClasses, '', name)?.object,
      node: (name) => objects.get(nodes, '', name)?.object,
      users: () => counted(users()),
    }),
  )
  const writer = writerFor(stored)
  for (const step of steps) await carryOut(step, { writer, nowMs })

  function counted<T>(seen: readonly T[]): readonly T[] {
    lookedAt(seen.length)
    return seen
  }
}

async function reconcileVolume(name: string, context: Context): Promise<void> {
  const { objects, writerFor, nowMs } = context
  const stored = objects.get(persistentVolumes, '', name)
  if (stored === undefined) return
  const claim = claimOf(stored.object, objects)
  const steps: readonly Step[] = planFor(stored.object, () => planVolume(stored.object, claim))
  const writer = writerFor(stored)
  for (const step of steps) await carryOut(step, { writer, nowMs })
}

function claimOf(
  { spec: { claimRef } }: PersistentVolume,
  objects: Objects,
): PersistentVolumeClaim | undefined {
  const { namespace = '', name = '' } = claimRef ?? {}
  return objects.get(persistentVolumeClaims, namespace, name)?.object
}

const keyOfClaim = ({ metadata }: PersistentVolumeClaim): string => claimKey(objectKey(metadata))

/** The claim's key, and the keys of volumes that are or were meant to be its own. */
function keysOfClaim(
  { type, before }: ObjectChange,
  claim: PersistentVolumeClaim,
  objects: Objects,
): readonly string[] {
  const { volumeName } = claim.spec
  const was = before && isOf(persistentVolumeClaims, before.object) ? before.object : undefined
  const isSettled = type !== 'DELETED' && was?.spec.volumeName === volumeName
  const { namespace, name } = claim.metadata
  const meant = isSettled
    ? []
    : objects.list(persistentVolumes).flatMap(({ object: { metadata, spec } }) => {
        const { claimRef } = spec
        const isIts = claimRef?.namespace === namespace && claimRef?.name === name
        return isIts ? metadata.name : []
      })
  const volumes = new Set([...(volumeName ? [volumeName] : []), ...meant])
  return [...(type === 'DELETED' ? [] : [keyOfClaim(claim)]), ...[...volumes].map(volumeKey)]
}

/** The volume's key, that of its claim and, while it is unbound, those of all claims that wait for one. */
function keysOfVolume(
  { type }: ObjectChange,
  { metadata: { name }, spec: { claimRef }, status }: PersistentVolume,
  objects: Objects,
): readonly string[] {
  const isFree = type !== 'DELETED' && status?.phase === 'Available'
  const named = claimRef?.name ? [claimKey(objectKey({ ...claimRef, name: claimRef.name }))] : []
  const waiting = isFree ? waitingClaims(objects).map(keyOfClaim) : []
  return [...(type === 'DELETED' ? [] : [volumeKey(name)]), ...named, ...waiting]
}

const waitingClaims = (objects: Objects): PersistentVolumeClaim[] =>
  objects
    .list(persistentVolumeClaims)
    .flatMap(({ object }) => (object.status?.phase === 'Bound' ? [] : [object]))
