import { reserves } from '@reckon/domain'
import type { TokenKey } from '@reckon/eventing'
import {
  certificateSigningRequests,
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  controllerRevisions,
  cronJobs,
  customResourceDefinitions,
  daemonSets,
  deployments,
  endpointSlices,
  endpoints,
  events,
  horizontalPodAutoscalers,
  ingressClasses,
  ingresses,
  jobs,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  type Resource,
  replicaSets,
  replicationControllers,
  secrets,
  serviceAccounts,
  services,
  statefulSets,
  storageClasses,
} from '@reckon/kubernetes'
import { accountTokenController } from './account-token/controller.ts'
import { bootstrapTokenController } from './bootstrap-token/controller.ts'
import { certificateApprovingController } from './certificate-approving/controller.ts'
import type { CertificateAuthority } from './certificate-signing/certificate-authority.ts'
import { certificateSigningController } from './certificate-signing/controller.ts'
import { cronJobController } from './cron-job/controller.ts'
import { customResourceDefinitionController } from './custom-resource-definition/controller.ts'
import { daemonSetController } from './daemon-set/controller.ts'
import { DataKeyController } from './data-key/controller.ts'
import { defaultRolesController } from './default-roles/controller.ts'
import { deploymentController } from './deployment/controller.ts'
import { disruptionController } from './disruption/controller.ts'
import { edgeNodeController } from './edge-node/controller.ts'
import { endpointSliceController } from './endpoint-slice/controller.ts'
import { endpointSliceMirroringController } from './endpoint-slice-mirroring/controller.ts'
import { endpointsController } from './endpoints/controller.ts'
import { ephemeralVolumeController } from './ephemeral-volume/controller.ts'
import { eventTtlController } from './event-ttl/controller.ts'
import { GarbageController } from './garbage/controller.ts'
import { HorizontalPodAutoscalerController } from './horizontal-pod-autoscaler/controller.ts'
import type { HeardUsages } from './horizontal-pod-autoscaler/heard-usages.ts'
import { ingressController } from './ingress/controller.ts'
import { jobController } from './job/controller.ts'
import { loadBalancerController } from './load-balancer/controller.ts'
import { namespaceController } from './namespace/controller.ts'
import { NodeAccessController } from './node-access/controller.ts'
import type { WireAccess } from './node-access/wire-access.ts'
import { NodeLifecycleController, type NodeTerm } from './node-lifecycle/controller.ts'
import { nodeRangeController } from './node-range/controller.ts'
import { persistentVolumeController } from './persistent-volume/controller.ts'
import { priorityClassController } from './priority-class/controller.ts'
import { QuotaClaimController } from './quota-claim/controller.ts'
import { replicaSetController } from './replica-set/controller.ts'
import { replicationControllerController } from './replication-controller/controller.ts'
import { ReservationController } from './reservation/controller.ts'
import { ResourceQuotaController } from './resource-quota/controller.ts'
import { roleAggregationController } from './role-aggregation/controller.ts'
import { rootCaController } from './root-ca/controller.ts'
import { serviceAccountController } from './service-account/controller.ts'
import { statefulSetController } from './stateful-set/controller.ts'
import { SystemObjectsController } from './system-objects/controller.ts'
import { TaintEvictionController } from './taint-eviction/controller.ts'
import { type Watching, watching, watchingWhere } from './watching.ts'

/** What some controllers need from outside the log; where it is absent, they do nothing. */
export type Given = {
  /** The certificate of the cluster's CA, PEM. */
  rootCa?: string | undefined
  /** Signs the tokens of service accounts. */
  tokenKey?: TokenKey | undefined
  /** The nodes on which this cluster runs its edges. */
  edgeNodes?: readonly string[] | undefined
  /** Signs approved certificates of users. */
  clientSigner?: CertificateAuthority | undefined
  /** Grants nodes of other machines access to the wire. */
  wireAccess?: WireAccess | undefined
}

/**
 * All controllers for one term, with the kinds whose changes each receives. To add one, add a folder and a line here.
 */
export const createControllers = (
  term: NodeTerm & { usages: HeardUsages },
  { rootCa, tokenKey, edgeNodes = [], clientSigner, wireAccess }: Given,
): readonly Watching[] => [
  watching(deploymentController, deployments, replicaSets, pods),
  watching(replicaSetController, ...kindsOfPodOwner(replicaSets)),
  watching(replicationControllerController, ...kindsOfPodOwner(replicationControllers)),
  watching(statefulSetController, ...kindsOfPodOwner(statefulSets)),
  watching(daemonSetController, ...kindsOfPodOwner(daemonSets), nodes),
  watching(jobController, ...kindsOfPodOwner(jobs)),
  watching(cronJobController, cronJobs, jobs),
  watching(endpointSliceController, services, endpointSlices, pods),
  watching(loadBalancerController, services, nodes, endpointSlices),
  watching(endpointsController, services, endpoints, pods),
  watching(endpointSliceMirroringController, services, endpoints, endpointSlices),
  watching(ingressController, ingresses, ingressClasses, secrets, nodes),
  watchingWhere(
    disruptionController,
    (resource) =>
      [podDisruptionBudgets, pods].includes(resource) || resource.replicas !== undefined,
  ),
  watching(new HorizontalPodAutoscalerController(term.usages), horizontalPodAutoscalers),
  watching(eventTtlController, events),
  watchingWhere(new GarbageController(term), () => true),
  watchingWhere(namespaceController, (resource) => resource === namespaces || resource.namespaced),
  watching(nodeRangeController, nodes),
  watching(new NodeLifecycleController(term), nodes),
  watching(new TaintEvictionController(term), pods, nodes),
  watching(defaultRolesController, namespaces, clusterRoles, clusterRoleBindings),
  watching(roleAggregationController, clusterRoles),
  watchingWhere(
    customResourceDefinitionController,
    (resource) => resource === customResourceDefinitions || resource.read !== undefined,
  ),
  watching(
    persistentVolumeController,
    ...[persistentVolumeClaims, persistentVolumes, pods, storageClasses, nodes],
  ),
  watching(ephemeralVolumeController, pods, persistentVolumeClaims),
  watching(priorityClassController, namespaces),
  watching(
    new SystemObjectsController(term),
    ...[namespaces, ingressClasses, storageClasses, services, endpoints, endpointSlices],
  ),
  watching(serviceAccountController, namespaces, serviceAccounts),
  watching(bootstrapTokenController, secrets),
  ...(edgeNodes.length > 0 ? [watching(edgeNodeController(edgeNodes), nodes)] : []),
  ...(rootCa ? [watching(rootCaController(rootCa), namespaces, configMaps)] : []),
  ...(rootCa && tokenKey
    ? [watching(accountTokenController({ rootCa, tokenKey }), secrets, serviceAccounts)]
    : []),
  ...(clientSigner
    ? [
        watching(certificateApprovingController, certificateSigningRequests),
        watching(certificateSigningController(clientSigner), certificateSigningRequests),
      ]
    : []),
  ...(wireAccess
    ? [watching(new NodeAccessController(wireAccess), nodes, certificateSigningRequests)]
    : []),
  watchingWhere(new ResourceQuotaController(), (resource) => resource.namespaced),
  watching(new QuotaClaimController()),
  watchingWhere(new ReservationController(), reserves),
  watching(new DataKeyController()),
]

/** For owners of pods: their pods, candidates for adoption, and what they keep or claim. */
const kindsOfPodOwner = (owners: Resource): readonly Resource[] => [
  owners,
  pods,
  controllerRevisions,
  persistentVolumeClaims,
]
