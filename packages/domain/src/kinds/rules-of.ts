import { type KubernetesObject, type Resource, resourceId } from '@reckon/kubernetes'
import type { Reservable } from '../reservation.ts'
import { certificateSigningRequestRules } from './certificate-signing-request.ts'
import { customResourceDefinitionRules } from './custom-resource-definition.ts'
import { deploymentRules } from './deployment.ts'
import { jobRules } from './job.ts'
import type { KindRules } from './kind-rules.ts'
import { namespaceRules } from './namespace.ts'
import { nodeRules } from './node.ts'
import { persistentVolumeRules } from './persistent-volume.ts'
import { persistentVolumeClaimRules } from './persistent-volume-claim.ts'
import { podRules } from './pod.ts'
import { priorityClassRules } from './priority-class.ts'
import { replicaSetRules } from './replica-set.ts'
import { replicationControllerRules } from './replication-controller.ts'
import { serviceRules } from './service.ts'
import { statefulSetRules } from './stateful-set.ts'

/** The rules of each kind that has its own. */
const rules: Readonly<Record<string, KindRules>> = {
  'certificatesigningrequests.certificates.k8s.io': certificateSigningRequestRules,
  'cronjobs.batch': { countsGeneration: true },
  'customresourcedefinitions.apiextensions.k8s.io': customResourceDefinitionRules,
  'daemonsets.apps': { countsGeneration: true },
  'deployments.apps': deploymentRules,
  'ingresses.networking.k8s.io': { countsGeneration: true },
  'jobs.batch': jobRules,
  namespaces: namespaceRules,
  'networkpolicies.networking.k8s.io': { countsGeneration: true },
  nodes: nodeRules,
  persistentvolumeclaims: persistentVolumeClaimRules,
  persistentvolumes: persistentVolumeRules,
  'poddisruptionbudgets.policy': { countsGeneration: true },
  pods: podRules,
  'priorityclasses.scheduling.k8s.io': priorityClassRules,
  'replicasets.apps': replicaSetRules,
  replicationcontrollers: replicationControllerRules,
  secrets: { isSealed: true },
  services: serviceRules,
  'statefulsets.apps': statefulSetRules,
}

/** The rules of kinds defined at run time. */
const customRules: KindRules = { countsGeneration: true, statusMetadata: [] }

/** The rules of a kind; without any of its own, the common ones. */
export const rulesOf = (resource: Resource): KindRules =>
  rules[resourceId(resource)] ?? (resource.read === undefined ? {} : customRules)

/** The unique values that the object must hold. */
export const reservablesOf = (
  resource: Resource,
  object: KubernetesObject,
): readonly Reservable[] => rulesOf(resource).reservables?.(object) ?? []

/** Whether a change to an object of this kind may take a unique value. */
export function reserves(resource: Resource): boolean {
  const { reservables, isResized = false } = rulesOf(resource)
  return isResized || reservables !== undefined
}
