import {
  isBound,
  isDeepEqual,
  isTerminating,
  objectKey,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type PodClaim,
  type StorageClass,
  selectedNodeOf,
} from '@reckon/kubernetes'
import { type ClaimNeed, needOf } from './claim-need.ts'
import type { StateHash } from './state-hash.ts'

/** The claims, volumes and classes that exist, and how many placed pods use each claim. */
export class Storage {
  readonly claims = new Map<string, PersistentVolumeClaim>()
  readonly volumes = new Map<string, PersistentVolume>()
  readonly classes = new Map<string, StorageClass>()
  readonly #users = new Map<string, number>()
  readonly #hash: StateHash
  #changes = 0

  constructor(hash: StateHash) {
    this.#hash = hash
  }

  /** Changes whenever anything changes that placements may depend on. */
  get changes(): number {
    return this.#changes
  }

  setClaim(claim: PersistentVolumeClaim): void {
    const path = objectKey(claim.metadata)
    const before = this.claims.get(path)
    this.claims.set(path, claim)
    this.#changed(`claim ${path}`, whatOfClaim(claim), before && whatOfClaim(before))
  }

  removeClaim(path: string): void {
    if (this.claims.delete(path)) this.#set(`claim ${path}`, undefined)
  }

  setVolume(volume: PersistentVolume): void {
    const { name } = volume.metadata
    const before = this.volumes.get(name)
    this.volumes.set(name, volume)
    this.#changed(`volume ${name}`, whatOfVolume(volume), before && whatOfVolume(before))
  }

  removeVolume(name: string): void {
    if (this.volumes.delete(name)) this.#set(`volume ${name}`, undefined)
  }

  setClass(storageClass: StorageClass): void {
    const { name } = storageClass.metadata
    const before = this.classes.get(name)
    this.classes.set(name, storageClass)
    const what = `storage class ${name}`
    this.#changed(what, whatOfClass(storageClass), before && whatOfClass(before))
  }

  removeClass(name: string): void {
    if (this.classes.delete(name)) this.#set(`storage class ${name}`, undefined)
  }

  /** Counts one more placed pod that uses these claims, or with -1 one less. */
  use(claims: readonly PodClaim[], sign: 1 | -1): void {
    if (claims.length === 0) return
    for (const { path } of claims) {
      const count = this.usersOf(path) + sign
      if (count > 0) this.#users.set(path, count)
      else this.#users.delete(path)
    }
    this.#changes += 1
  }

  /** How many placed pods use the claim. */
  usersOf(path: string): number {
    return this.#users.get(path) ?? 0
  }

  /** How each of a pod's claims affects its placement. */
  needsOf(claims: readonly PodClaim[]): readonly ClaimNeed[] {
    return claims.map((claim) => needOf(claim, this))
  }

  /** Everything about storage that the placement of a pod with these claims depends on; empty for none. */
  contextOf(claims: readonly PodClaim[]): string {
    return claims.length === 0 ? '' : JSON.stringify(this.needsOf(claims))
  }

  #changed(name: string, now: unknown, before: unknown): void {
    if (!isDeepEqual(now, before)) this.#set(name, now)
  }

  #set(name: string, now: unknown): void {
    this.#changes += 1
    this.#hash.set(name, now)
  }
}

/** The part of a claim that placements depend on. */
const whatOfClaim = (claim: PersistentVolumeClaim) => [
  claim.spec,
  selectedNodeOf(claim),
  isBound(claim),
  isTerminating(claim),
  claim.metadata.uid,
]

/** The same of a volume. */
const whatOfVolume = ({ metadata, spec, status }: PersistentVolume) => [
  metadata.labels,
  metadata.deletionTimestamp !== undefined,
  [spec.capacity, spec.accessModes, spec.claimRef?.uid, spec.claimRef?.name, spec.nodeAffinity],
  [spec.claimRef?.namespace, spec.storageClassName, spec.volumeMode],
  status?.phase,
]

/** The same of a class. */
const whatOfClass = ({ provisioner, volumeBindingMode }: StorageClass) => [
  provisioner,
  volumeBindingMode,
]
