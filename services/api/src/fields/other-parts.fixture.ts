import { inDefault } from '../api.fixture.ts'
import { fullObject, type Part, specOf } from './field-lists.fixture.ts'
import {
  certificateSigningRequestSpec,
  clusterRole,
  configMap,
  leaseSpec,
  limitRangeSpec,
  namespaceSpec,
  nodeSpec,
  podDisruptionBudgetSpec,
  priorityClass,
  resourceQuotaSpec,
  role,
  roleBinding,
  secret,
  serviceAccount,
} from './other-kinds.fixture.ts'
import { persistentVolumeClaimSpec, persistentVolumeSpec, storageClass } from './storage.fixture.ts'

const rbac = '/apis/rbac.authorization.k8s.io/v1'
const metadata = { name: 'x' }
const storage = { storage: '1Gi' }
const accessModes = ['ReadWriteOnce']

/** The kinds that are neither pods nor workloads nor lead anything anywhere. */
export const otherParts: readonly Part[] = [
  {
    ...{ name: 'a ConfigMap', schema: 'io.k8s.api.core.v1.ConfigMap', lists: configMap },
    ...fullObject(inDefault('configmaps')),
  },
  {
    ...{ name: 'a Secret', schema: 'io.k8s.api.core.v1.Secret', lists: secret },
    ...fullObject(inDefault('secrets')),
  },
  {
    name: 'a ServiceAccount',
    ...{ schema: 'io.k8s.api.core.v1.ServiceAccount', lists: serviceAccount },
    ...fullObject(inDefault('serviceaccounts')),
  },
  {
    ...{ name: 'a Role', schema: 'io.k8s.api.rbac.v1.Role', lists: role },
    ...fullObject(`${rbac}/namespaces/default/roles`),
  },
  {
    ...{ name: 'a ClusterRole', schema: 'io.k8s.api.rbac.v1.ClusterRole', lists: clusterRole },
    ...fullObject(`${rbac}/clusterroles`),
  },
  {
    ...{ name: 'a RoleBinding', schema: 'io.k8s.api.rbac.v1.RoleBinding', lists: roleBinding },
    ...fullObject(`${rbac}/namespaces/default/rolebindings`),
  },
  {
    name: 'a ClusterRoleBinding',
    ...{ schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding', lists: roleBinding },
    ...fullObject(`${rbac}/clusterrolebindings`),
  },
  {
    name: 'a PriorityClass',
    ...{ schema: 'io.k8s.api.scheduling.v1.PriorityClass', lists: priorityClass },
    ...fullObject('/apis/scheduling.k8s.io/v1/priorityclasses', { value: 1 }),
  },
  {
    name: 'a PodDisruptionBudget',
    schema: 'io.k8s.api.policy.v1.PodDisruptionBudgetSpec',
    lists: podDisruptionBudgetSpec,
    ...specOf('/apis/policy/v1/namespaces/default/poddisruptionbudgets'),
  },
  {
    ...{ name: 'a LimitRange', schema: 'io.k8s.api.core.v1.LimitRangeSpec', lists: limitRangeSpec },
    ...specOf(inDefault('limitranges')),
  },
  {
    name: 'a ResourceQuota',
    ...{ schema: 'io.k8s.api.core.v1.ResourceQuotaSpec', lists: resourceQuotaSpec },
    ...specOf(inDefault('resourcequotas')),
  },
  {
    ...{ name: 'a Lease', schema: 'io.k8s.api.coordination.v1.LeaseSpec', lists: leaseSpec },
    ...specOf('/apis/coordination.k8s.io/v1/namespaces/default/leases'),
  },
  {
    name: 'a CertificateSigningRequest',
    schema: 'io.k8s.api.certificates.v1.CertificateSigningRequestSpec',
    lists: certificateSigningRequestSpec,
    ...specOf('/apis/certificates.k8s.io/v1/certificatesigningrequests'),
  },
  {
    ...{ name: 'a Namespace', schema: 'io.k8s.api.core.v1.NamespaceSpec', lists: namespaceSpec },
    ...specOf('/api/v1/namespaces'),
  },
  {
    ...{ name: 'a Node', schema: 'io.k8s.api.core.v1.NodeSpec', lists: nodeSpec },
    ...specOf('/api/v1/nodes'),
  },
  {
    name: 'a PersistentVolume',
    ...{ schema: 'io.k8s.api.core.v1.PersistentVolumeSpec', lists: persistentVolumeSpec },
    ...{ url: '/api/v1/persistentvolumes', at: 'spec' },
    base: {
      metadata,
      spec: { capacity: storage, accessModes, hostPath: { path: '/data' } },
    },
  },
  {
    name: 'a PersistentVolumeClaim',
    ...{ schema: 'io.k8s.api.core.v1.PersistentVolumeClaimSpec', lists: persistentVolumeClaimSpec },
    ...{ url: inDefault('persistentvolumeclaims'), at: 'spec' },
    base: { metadata, spec: { accessModes, resources: { requests: storage } } },
  },
  {
    ...{
      name: 'a StorageClass',
      schema: 'io.k8s.api.storage.v1.StorageClass',
      lists: storageClass,
    },
    ...fullObject('/apis/storage.k8s.io/v1/storageclasses', { provisioner: 'example.com/disks' }),
  },
]
