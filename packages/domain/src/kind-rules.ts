import type { Ids } from '@reckon/eventing'
import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import { resourceId } from '@reckon/kubernetes'
import { deploymentRules } from './deployment.ts'
import { namespaceRules } from './namespace.ts'
import { nodeRules } from './node.ts'
import type { Objects } from './objects.ts'
import { podRules } from './pod-rules.ts'
import { replicaSetRules } from './replica-set.ts'
import type { Reservable } from './reservation.ts'
import { serviceRules } from './service.ts'

/** What a rule may look at beside the object itself. */
export type Surroundings = { objects: Objects; ids: Ids }

/** The part of an object that a request may change; absent: everything but status. */
export type Subresource = 'status' | 'scale' | 'binding' | 'finalize'

/** How a deletion begins: at once, or by marking the object, which its agent or its finalizers end later. */
export type DeletionOptions = { gracePeriodSeconds?: number; nowMs: number }

/** The rules of one kind beyond those of every object. All pure; none changes its arguments. */
export type KindRules = {
  /** Whether `metadata.generation` counts the changes of spec. */
  countsGeneration?: boolean
  /** Fills in what the server alone decides: first status, allotted addresses. */
  prepareCreate?(object: KubernetesObject, surroundings: Surroundings): KubernetesObject
  prepareUpdate?(
    after: KubernetesObject,
    before: KubernetesObject,
    surroundings: Surroundings,
  ): KubernetesObject
  /** What the object must hold alone, reserved before it is created. */
  reservables?(object: KubernetesObject): readonly Reservable[]
  /** The narrowest true name of a change, where there is one. */
  nameChange?(before: KubernetesObject, after: KubernetesObject): string | undefined
  /** The object as it is while it terminates; undefined where it can go at once. */
  terminating?(object: KubernetesObject, options: DeletionOptions): KubernetesObject | undefined
}

const rules: Readonly<Record<string, KindRules>> = {
  'deployments.apps': deploymentRules,
  'ingresses.networking.k8s.io': { countsGeneration: true },
  namespaces: namespaceRules,
  nodes: nodeRules,
  pods: podRules,
  'replicasets.apps': replicaSetRules,
  services: serviceRules,
}

export const rulesOf = (resource: Resource): KindRules => rules[resourceId(resource)] ?? {}
