import { customResourceDefinitions } from './kinds/apiextensions/custom-resource-definitions.ts'
import { controllerRevisions } from './kinds/apps/controller-revisions.ts'
import { daemonSets } from './kinds/apps/daemon-sets.ts'
import { deployments } from './kinds/apps/deployments.ts'
import { replicaSets } from './kinds/apps/replica-sets.ts'
import { statefulSets } from './kinds/apps/stateful-sets.ts'
import { selfSubjectReviews } from './kinds/authentication/self-subject-reviews.ts'
import { tokenReviews } from './kinds/authentication/token-reviews.ts'
import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
} from './kinds/authorization/access-reviews.ts'
import { horizontalPodAutoscalers } from './kinds/autoscaling/horizontal-pod-autoscalers.ts'
import { cronJobs } from './kinds/batch/cron-jobs.ts'
import { jobs } from './kinds/batch/jobs.ts'
import { certificateSigningRequests } from './kinds/certificates/certificate-signing-requests.ts'
import { leases } from './kinds/coordination/leases.ts'
import { bindings } from './kinds/core/bindings.ts'
import { configMaps } from './kinds/core/config-maps.ts'
import { endpoints } from './kinds/core/endpoints.ts'
import { events } from './kinds/core/events.ts'
import { limitRanges } from './kinds/core/limit-ranges.ts'
import { namespaces } from './kinds/core/namespaces.ts'
import { nodes } from './kinds/core/nodes.ts'
import { persistentVolumeClaims } from './kinds/core/persistent-volume-claims.ts'
import { persistentVolumes } from './kinds/core/persistent-volumes.ts'
import { podTemplates } from './kinds/core/pod-templates.ts'
import { pods } from './kinds/core/pods.ts'
import { replicationControllers } from './kinds/core/replication-controllers.ts'
import { resourceQuotas } from './kinds/core/resource-quotas.ts'
import { secrets } from './kinds/core/secrets.ts'
import { serviceAccounts } from './kinds/core/service-accounts.ts'
import { services } from './kinds/core/services.ts'
import { endpointSlices } from './kinds/discovery/endpoint-slices.ts'
import { nodeMetrics, podMetrics } from './kinds/metrics/usage-kinds.ts'
import { ingressClasses } from './kinds/networking/ingress-classes.ts'
import { ingresses } from './kinds/networking/ingresses.ts'
import { networkPolicies } from './kinds/networking/network-policies.ts'
import { runtimeClasses } from './kinds/node/runtime-classes.ts'
import { podDisruptionBudgets } from './kinds/policy/pod-disruption-budgets.ts'
import { clusterRoleBindings } from './kinds/rbac/cluster-role-bindings.ts'
import { clusterRoles } from './kinds/rbac/cluster-roles.ts'
import { roleBindings } from './kinds/rbac/role-bindings.ts'
import { roles } from './kinds/rbac/roles.ts'
import { priorityClasses } from './kinds/scheduling/priority-classes.ts'
import { storageClasses } from './kinds/storage/storage-classes.ts'
import type { Resource } from './resource.ts'

/** Every kind that is built in. To serve another one, add its file and its entry here. */
export const builtInResources: readonly Resource[] = [
  bindings,
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  controllerRevisions,
  jobs,
  cronJobs,
  ingressClasses,
  ingresses,
  endpointSlices,
  leases,
  certificateSigningRequests,
  podDisruptionBudgets,
  roles,
  roleBindings,
  clusterRoles,
  clusterRoleBindings,
  priorityClasses,
  storageClasses,
  selfSubjectAccessReviews,
  subjectAccessReviews,
  localSubjectAccessReviews,
  selfSubjectRulesReviews,
  selfSubjectReviews,
  customResourceDefinitions,
  tokenReviews,
  horizontalPodAutoscalers,
  networkPolicies,
  runtimeClasses,
  nodeMetrics,
  podMetrics,
]
