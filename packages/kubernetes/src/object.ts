import type * as apiextensions from 'kubernetes-types/apiextensions/v1.d.ts'
import type * as apps from 'kubernetes-types/apps/v1.d.ts'
import type * as authentication from 'kubernetes-types/authentication/v1.d.ts'
import type * as authorization from 'kubernetes-types/authorization/v1.d.ts'
import type * as autoscaling from 'kubernetes-types/autoscaling/v2.d.ts'
import type * as batch from 'kubernetes-types/batch/v1.d.ts'
import type * as certificates from 'kubernetes-types/certificates/v1.d.ts'
import type * as coordination from 'kubernetes-types/coordination/v1.d.ts'
import type * as core from 'kubernetes-types/core/v1.d.ts'
import type * as discovery from 'kubernetes-types/discovery/v1.d.ts'
import type * as meta from 'kubernetes-types/meta/v1.d.ts'
import type * as networking from 'kubernetes-types/networking/v1.d.ts'
import type * as node from 'kubernetes-types/node/v1.d.ts'
import type * as policy from 'kubernetes-types/policy/v1.d.ts'
import type * as rbac from 'kubernetes-types/rbac/v1.d.ts'
import type * as scheduling from 'kubernetes-types/scheduling/v1.d.ts'
import type * as storage from 'kubernetes-types/storage/v1.d.ts'
import type { WrittenSchema } from './custom-resources/custom-schema.ts'

/** Fields that are newer than these types. */
declare module 'kubernetes-types/core/v1.d.ts' {
  interface Lifecycle {
    stopSignal?: string
  }
  interface PodSecurityContext {
    supplementalGroupsPolicy?: string
  }
}

/** The owner of an object, for the garbage collector and controllers. */
export type OwnerReference = meta.OwnerReference

/** The metadata of every object. Times are RFC 3339 strings. */
export type ObjectMeta = {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  generateName?: string
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: meta.ManagedFieldsEntry[]
}

/** Any object of the API, as sent and as stored. */
export type KubernetesObject = {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  [field: string]: unknown
}

/** An object with its kind's spec and status; decoding ensures that the spec is there. */
type Typed<Of extends { spec?: unknown; status?: unknown }> = KubernetesObject & {
  spec: NonNullable<Of['spec']>
  status?: NonNullable<Of['status']>
}

/** An object as a client may have sent it, before defaults are filled in. */
export type Undefaulted<T extends KubernetesObject> = KubernetesObject & Partial<T>

export type Namespace = Typed<core.Namespace>
export type Node = Typed<core.Node>
export type Pod = Typed<core.Pod>
export type Service = Typed<core.Service>
export type PersistentVolume = Typed<core.PersistentVolume>
export type PersistentVolumeClaim = Typed<core.PersistentVolumeClaim>
export type ReplicationController = Typed<core.ReplicationController>
export type PodTemplate = KubernetesObject & { template?: PodTemplateSpec }
export type Deployment = Typed<apps.Deployment>
export type ReplicaSet = Typed<apps.ReplicaSet>
export type StatefulSet = Typed<apps.StatefulSet>
export type DaemonSet = Typed<apps.DaemonSet>
/** An earlier state of a StatefulSet or DaemonSet, as the patch that restores it. */
export type ControllerRevision = KubernetesObject & {
  revision: number
  data?: { spec?: { template?: PodTemplateSpec } }
}
export type Job = Typed<batch.Job>
export type CronJob = Typed<batch.CronJob>
export type PodDisruptionBudget = Typed<policy.PodDisruptionBudget>
export type Ingress = Typed<networking.Ingress>
export type HorizontalPodAutoscaler = Typed<autoscaling.HorizontalPodAutoscaler>
export type NetworkPolicy = KubernetesObject & { spec: networking.NetworkPolicySpec }
export type RuntimeClass = KubernetesObject &
  Pick<node.RuntimeClass, 'handler' | 'overhead' | 'scheduling'>
export type IngressClass = KubernetesObject & { spec: networking.IngressClassSpec }
export type ConfigMap = KubernetesObject & Pick<core.ConfigMap, 'data' | 'binaryData' | 'immutable'>
export type Event = KubernetesObject &
  Pick<
    core.Event,
    | 'involvedObject'
    | 'type'
    | 'reason'
    | 'message'
    | 'source'
    | 'count'
    | 'firstTimestamp'
    | 'lastTimestamp'
    | 'eventTime'
    | 'series'
    | 'reportingComponent'
    | 'reportingInstance'
  >
export type Secret = KubernetesObject &
  Pick<core.Secret, 'data' | 'stringData' | 'type' | 'immutable'>
export type EndpointSlice = KubernetesObject &
  Pick<discovery.EndpointSlice, 'addressType' | 'endpoints' | 'ports'>
export type Endpoints = KubernetesObject & Pick<core.Endpoints, 'subsets'>
export type LimitRange = KubernetesObject & { spec: core.LimitRangeSpec }
export type ResourceQuota = Typed<core.ResourceQuota>
export type Binding = KubernetesObject & Partial<Pick<core.Binding, 'target'>>
export type CertificateSigningRequest = Typed<certificates.CertificateSigningRequest>
export type Lease = KubernetesObject & {
  spec?: coordination.LeaseSpec & { strategy?: string; preferredHolder?: string }
}
export type ServiceAccount = KubernetesObject &
  Pick<core.ServiceAccount, 'secrets' | 'imagePullSecrets' | 'automountServiceAccountToken'>
export type Role = KubernetesObject & Pick<rbac.Role, 'rules'>
export type ClusterRole = KubernetesObject & Pick<rbac.ClusterRole, 'rules' | 'aggregationRule'>
export type RoleBinding = KubernetesObject & Pick<rbac.RoleBinding, 'roleRef' | 'subjects'>
export type ClusterRoleBinding = RoleBinding
export type PriorityClass = KubernetesObject &
  Pick<scheduling.PriorityClass, 'value' | 'globalDefault' | 'description' | 'preemptionPolicy'>
export type StorageClass = KubernetesObject &
  Pick<
    storage.StorageClass,
    | 'provisioner'
    | 'parameters'
    | 'reclaimPolicy'
    | 'mountOptions'
    | 'allowVolumeExpansion'
    | 'volumeBindingMode'
    | 'allowedTopologies'
  >

/** One version of a custom kind. */
export type CustomResourceVersion = Omit<
  apiextensions.CustomResourceDefinitionVersion,
  'schema'
> & {
  schema?: { openAPIV3Schema?: WrittenSchema }
}
export type CustomResourceDefinition = KubernetesObject & {
  spec: Omit<apiextensions.CustomResourceDefinitionSpec, 'versions'> & {
    versions: CustomResourceVersion[]
  }
  status?: apiextensions.CustomResourceDefinitionStatus
}

export type SelfSubjectAccessReview = Typed<authorization.SelfSubjectAccessReview>
export type SubjectAccessReview = Typed<authorization.SubjectAccessReview>
export type LocalSubjectAccessReview = Typed<authorization.LocalSubjectAccessReview>
export type SelfSubjectRulesReview = Typed<authorization.SelfSubjectRulesReview>
export type SelfSubjectReview = KubernetesObject
export type TokenReview = Typed<authentication.TokenReview>

export type PolicyRule = rbac.PolicyRule
export type Subject = rbac.Subject
export type Affinity = core.Affinity
export type Container = core.Container
export type ContainerState = core.ContainerState
export type ContainerStatus = core.ContainerStatus
export type CronJobStatus = NonNullable<CronJob['status']>
export type DaemonSetStatus = NonNullable<DaemonSet['status']>
export type DeploymentStatus = NonNullable<Deployment['status']>
export type Endpoint = discovery.Endpoint
export type EndpointAddress = core.EndpointAddress
export type EndpointPort = discovery.EndpointPort
export type EndpointSubset = core.EndpointSubset
export type HTTPIngressPath = networking.HTTPIngressPath
export type IngressBackend = networking.IngressBackend
export type IngressSpec = networking.IngressSpec
export type JobStatus = NonNullable<Job['status']>
export type LabelSelector = meta.LabelSelector
export type LimitRangeItem = core.LimitRangeItem
export type NodeCondition = core.NodeCondition
export type NodeSpec = core.NodeSpec
export type NodeStatus = core.NodeStatus
export type PersistentVolumeClaimSpec = core.PersistentVolumeClaimSpec
export type PersistentVolumeSpec = core.PersistentVolumeSpec
export type PodCondition = core.PodCondition
export type PodSecurityContext = core.PodSecurityContext
export type PodSpec = core.PodSpec
export type PodStatus = core.PodStatus
export type PodTemplateSpec = core.PodTemplateSpec
export type Probe = core.Probe
export type ReplicaSetStatus = NonNullable<ReplicaSet['status']>
export type ScopeRequirement = core.ScopedResourceSelectorRequirement
export type ServicePort = core.ServicePort
export type StatefulSetStatus = NonNullable<StatefulSet['status']>
export type Taint = core.Taint
export type Toleration = core.Toleration
export type Volume = core.Volume
export type VolumeMount = core.VolumeMount

/** The owner that manages the object, if one does. */
export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)
}

/** Whether deletion of the object was requested and is not finished. */
export function isTerminating(object: KubernetesObject): boolean {
  return object.metadata.deletionTimestamp !== undefined
}
