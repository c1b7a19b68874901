import type { StoredObject } from '@reckon/domain'
import {
  claimsOf,
  isBound,
  isFinished,
  isOf,
  isTerminating,
  isToRemove,
  madeOn,
  namesOf,
  objectKey,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  selectedNodeOf,
} from '@reckon/kubernetes'
import type { Machine } from '../machine.ts'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const boundOnce = 'a volume is one claim’s, and a claim has one volume'
const notLost = 'no volume is lost'
const notLeaked = 'no directory is without a volume'
const ownData = 'a pod finds its own data'
const whereChosen = 'a volume is made where its claim was to have it'
const boundFirst = 'a pod is bound once its claims are'
const notInUse = 'a claim does not go while a pod uses it'

type Change<T> = { now: T; before: T | undefined; isGone: boolean }

/** The part of the world that it needs. */
type Looked = Pick<World, 'history' | 'hostile' | 'guard'>

/**
 * Whoever is killed when: volumes and claims are bound one to one, and data on a disk stays as long as somebody owns
 * it.
 */
export function volumes(world: Looked, machines: readonly Machine[]): Checker {
  const { history } = world
  /** By path, the claims that its volumes ever belonged to. */
  const claimsAt = new Map<string, Set<string>>()
  /** By name, the final owner of a volume: the one claim that was seen to have it while it was the claim's. */
  const owners = new Map<string, string>()
  const claimsOfPods = new Map<string, readonly string[]>()
  /** By a claim's uid, the nodes that were ever selected for it. */
  const chosen = new Map<string, Set<string>>()
  /** What an older copy of the log does not contain is nobody's fault. */
  const unknown = new Set(machines.flatMap(({ directories }) => [...directories.made]))

  const claimOf = ({ spec: { claimRef } }: PersistentVolume): PersistentVolumeClaim | undefined => {
    const { namespace = '', name = '', uid } = claimRef ?? {}
    const claim = history.objects.get(persistentVolumeClaims, namespace, name)?.object
    return claim?.metadata.uid === uid ? claim : undefined
  }
  const volumeAt = (path: string, node: string): PersistentVolume | undefined =>
    history.objects
      .list(persistentVolumes)
      .map(({ object }) => object)
      .find((volume) => volume.spec.local?.path === path && madeOn(volume) === node)

  for (const { node, directories } of machines) {
    const isTrusted = () => world.hostile !== node
    directories.onMounting = ({ podUid, path, isMade }) => {
      world.guard(() => {
        const kept = claimsAt.get(path) ?? new Set()
        const isOwn = claimsOfPods.get(podUid)?.some((claim) => kept.has(claim))
        if (!isOwn) throw new Violation(ownData, `pod ${podUid} mounts ${path} of [${[...kept]}]`)
        const isKnown = !isMade || volumeAt(path, node) !== undefined || unknown.has(path)
        if (!isKnown && isTrusted()) throw new Violation(notLeaked, `${path} is made on ${node}`)
      })
    }
    directories.onRemoving = (path) => {
      world.guard(() => {
        const volume = volumeAt(path, node)
        if (volume === undefined || !isTrusted()) return
        if (isToRemove(volume) && claimOf(volume) === undefined) return
        throw new Violation(notLost, `${path} is removed on ${node}`)
      })
    }
  }

  function checkVolume({ now, before, isGone }: Change<PersistentVolume>): void {
    const { name } = now.metadata
    const { claimRef, local } = now.spec
    if (local && claimRef?.name) {
      const claims = claimsAt.get(local.path) ?? new Set()
      claimsAt.set(local.path, claims.add(objectKey({ ...claimRef, name: claimRef.name })))
    }
    const node = madeOn(now)
    if (node && !before && !chosen.get(claimRef?.uid ?? '')?.has(node)) {
      throw new Violation(whereChosen, `${name} is on ${node}`)
    }
    if (isGone && claimOf(now)?.spec.volumeName === name) {
      throw new Violation(notLost, `${name} goes before its claim`)
    }
    const owner = owners.get(name)
    if (isGone) owners.delete(name)
    else if (owner !== undefined && claimRef?.uid !== owner) {
      throw new Violation(boundOnce, `${name} was ${owner}’s, and is ${claimRef?.uid}’s`)
    } else if (claimOf(now)?.spec.volumeName === name) owners.set(name, claimRef?.uid ?? '')
    const was = before?.spec.claimRef?.uid
    if (isGone || !was || !claimRef?.uid || was === claimRef.uid) return
    throw new Violation(boundOnce, `${name} is ${claimRef.uid}’s, and was ${was}’s`)
  }

  function checkClaim({ now, before, isGone }: Change<PersistentVolumeClaim>): void {
    const path = objectKey(now.metadata)
    const { volumeName } = now.spec
    const was = before?.spec.volumeName
    const node = selectedNodeOf(now)
    const { uid = '' } = now.metadata
    if (node) chosen.set(uid, (chosen.get(uid) ?? new Set()).add(node))
    if (isGone) {
      checkUnused(now)
      return
    }
    if (was && was !== volumeName) {
      throw new Violation(boundOnce, `${path} has ${volumeName}, and had ${was}`)
    }
    const volume = history.objects.get(persistentVolumes, '', volumeName ?? '')?.object
    if (volume?.spec.claimRef?.uid === uid) owners.set(volume.metadata.name, uid)
    if (now.status?.phase === 'Lost') throw new Violation(notLost, `${path} has lost ${volumeName}`)
    if (!isBound(now)) return
    const other = history.objects
      .list(persistentVolumeClaims)
      .map(({ object }) => object)
      .find((each) => each.spec.volumeName === volumeName && isBound(each) && each !== now)
    if (other === undefined) return
    throw new Violation(boundOnce, `${path} and ${objectKey(other.metadata)} have ${volumeName}`)
  }

  /** Whoever releases a claim has seen all pods that were bound when its deletion was requested. */
  function checkUnused(claim: PersistentVolumeClaim): void {
    const askedAt = deletionsAskedAt.get(claim.metadata.uid ?? '')
    const path = objectKey(claim.metadata)
    const user = history.objects
      .list(pods, claim.metadata.namespace)
      .find((stored) => isUsing(stored, path) && isBefore(boundAt(stored), askedAt))
    if (user) throw new Violation(notInUse, `${path} goes, ${user.object.metadata.name} is there`)
  }
  /** Nobody can have seen otherwise of a claim that existed before the pod and was never bound. */
  function checkClaimsOf(pod: Pod): void {
    const { namespace = '', name, uid = '' } = pod.metadata
    for (const path of claimsOf(pod)) {
      const claim = history.objects.get(persistentVolumeClaims, ...namesOf(path))?.object
      const isOlder = isBefore(seenAt.get(claim?.metadata.uid ?? ''), seenAt.get(uid))
      if (claim && isOlder && !isBound(claim) && !isTerminating(claim)) {
        throw new Violation(boundFirst, `${namespace}/${name} is bound, and ${path} is not`)
      }
    }
  }
  const isBefore = (bound: bigint | undefined, asked: bigint | undefined): boolean =>
    bound !== undefined && asked !== undefined && bound < asked
  const isUsing = ({ object }: StoredObject<Pod>, path: string): boolean =>
    Boolean(object.spec.nodeName) && !isFinished(object.status) && claimsOf(object).includes(path)
  const boundAt = ({ object }: StoredObject<Pod>) => boundPodsAt.get(object.metadata.uid ?? '')
  const deletionsAskedAt = new Map<string, bigint>()
  const boundPodsAt = new Map<string, bigint>()
  /** The time of each object's creation, by uid. */
  const seenAt = new Map<string, bigint>()

  return {
    onRecorded({ event: { position }, change }) {
      if (change === undefined) return
      const { object: now } = change.stored
      const before = change.before?.object
      const isGone = change.type === 'DELETED'
      const { uid = '' } = now.metadata
      if (!seenAt.has(uid)) seenAt.set(uid, position)
      if (isOf(pods, now)) {
        claimsOfPods.set(uid, claimsOf(now))
        if (now.spec.nodeName && !boundPodsAt.has(uid)) {
          boundPodsAt.set(uid, position)
          checkClaimsOf(now)
        }
      }
      if (isOf(persistentVolumes, now)) {
        const was = before && isOf(persistentVolumes, before) ? before : undefined
        checkVolume({ now, before: was, isGone })
      }
      if (isOf(persistentVolumeClaims, now)) {
        const was = before && isOf(persistentVolumeClaims, before) ? before : undefined
        const isAsked = isTerminating(now) && !deletionsAskedAt.has(uid)
        if (isAsked) deletionsAskedAt.set(uid, position)
        checkClaim({ now, before: was, isGone })
      }
    },
    onSecond() {
      for (const { node, directories } of machines) {
        if (world.hostile === node) continue
        for (const path of directories.made) {
          if (unknown.has(path) || volumeAt(path, node)) continue
          throw new Violation(notLeaked, `${path} lies on ${node}`)
        }
      }
    },
  }
}
