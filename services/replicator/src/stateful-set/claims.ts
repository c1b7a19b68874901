import {
  isDeepEqual,
  isTerminating,
  type OwnerReference,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  type StatefulSet,
} from '@reckon/kubernetes'
import type { PodStep } from '../ownership/pod-plan.ts'
import { ordinalOf } from './identity.ts'

/** Finds a claim by name in the set's namespace. */
type FindClaim = (name: string) => PersistentVolumeClaim | undefined

const templatesOf = ({ spec }: StatefulSet) => spec.volumeClaimTemplates ?? []

/** `<template>-<set>-<ordinal>`: the same for every pod of the ordinal. */
const claimName = (template: string, { metadata }: StatefulSet, ordinal: number): string =>
  `${template}-${metadata.name}-${ordinal}`

/** The pod with a volume for each of its claims; these replace volumes of the same name in the template. */
export function withClaims(set: StatefulSet, ordinal: number, pod: Pod): Pod {
  const own = templatesOf(set).flatMap(({ metadata: { name } = {} }) =>
    name ? [{ name, persistentVolumeClaim: { claimName: claimName(name, set, ordinal) } }] : [],
  )
  if (own.length === 0) return pod
  const names = new Set(own.map(({ name }) => name))
  const others = (pod.spec.volumes ?? []).filter(({ name }) => !names.has(name))
  return { ...pod, spec: { ...pod.spec, volumes: [...others, ...own] } }
}

/** The claims of an ordinal. */
function wantedClaims(set: StatefulSet, ordinal: number): PersistentVolumeClaim[] {
  return templatesOf(set).flatMap(({ metadata = {}, spec = {} }) => {
    const { name, labels, annotations } = metadata
    if (!name) return []
    return {
      apiVersion: 'v1',
      kind: persistentVolumeClaims.kind,
      metadata: {
        name: claimName(name, set, ordinal),
        namespace: set.metadata.namespace ?? '',
        labels: { ...labels, ...set.spec.selector.matchLabels },
        ...(annotations && { annotations }),
      },
      spec,
    }
  })
}

/**
 * The claims to create with a pod. Undefined while one of them is being deleted with an earlier pod of the ordinal,
 * because the next pod must not find its content.
 */
export function missingClaims(
  set: StatefulSet,
  ordinal: number,
  find: FindClaim,
): PersistentVolumeClaim[] | undefined {
  const wanted = wantedClaims(set, ordinal)
  const known = wanted.map(({ metadata }) => find(metadata.name))
  if (known.some((claim) => claim && (isTerminating(claim) || isOfPod(claim)))) return undefined
  const owners = ownersOf(set)
  const owned = owners.length > 0 ? { ownerReferences: owners } : {}
  return wanted
    .filter((_, index) => known[index] === undefined)
    .map(({ metadata, ...claim }) => ({ ...claim, metadata: { ...metadata, ...owned } }))
}

const isOfPod = ({ metadata }: PersistentVolumeClaim): boolean =>
  metadata.ownerReferences?.some(({ kind }) => kind === 'Pod') === true

/** The owner of the claims by the retention policy: the set, the pod that is scaled away, or nobody. */
export function retentionSteps(
  set: StatefulSet,
  { owned, isSurplus }: { owned: readonly Pod[]; isSurplus: (pod: Pod) => boolean },
  find: FindClaim,
): PodStep[] {
  if (templatesOf(set).length === 0) return []
  return owned.flatMap((pod) => {
    const goes = isSurplus(pod) && retentionOf(set).whenScaled === 'Delete'
    const owners = goes ? [referenceTo('v1', 'Pod', pod)] : ownersOf(set)
    return wantedClaims(set, ordinalOf(set, pod) ?? 0).flatMap(({ metadata }): PodStep[] => {
      const claim = find(metadata.name)
      if (claim === undefined || isTerminating(claim)) return []
      const others = (claim.metadata.ownerReferences ?? []).filter(
        ({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid,
      )
      const references = [...others, ...owners]
      return isDeepEqual(references, claim.metadata.ownerReferences ?? [])
        ? []
        : [{ type: 'SetClaimOwners', claim, references }]
    })
  })
}

const retentionOf = ({ spec }: StatefulSet) => spec.persistentVolumeClaimRetentionPolicy ?? {}

const ownersOf = (set: StatefulSet): OwnerReference[] =>
  retentionOf(set).whenDeleted === 'Delete' ? [referenceTo('apps/v1', 'StatefulSet', set)] : []

const referenceTo = (
  apiVersion: string,
  kind: string,
  { metadata: { name, uid = '' } }: Pod | StatefulSet,
): OwnerReference => ({ apiVersion, kind, name, uid })

/** Whether a claim belongs to the set, by its name. */
export const isClaimOf = (set: StatefulSet, { metadata }: PersistentVolumeClaim): boolean =>
  templatesOf(set).some(({ metadata: { name } = {} }) => {
    const prefix = `${name}-${set.metadata.name}-`
    return metadata.name.startsWith(prefix) && /^\d+$/.test(metadata.name.slice(prefix.length))
  })
