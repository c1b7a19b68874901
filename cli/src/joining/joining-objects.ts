import { bootstrappersGroup, type KubernetesObject } from '@reckon/kubernetes'

/** What a joining machine is told: the cluster's id, and the address of the wire. */
export type JoiningInfo = { cluster: string; nats: string }

/** Where that is published, as kubeadm does. */
export const joiningInfoPath = '/api/v1/namespaces/kube-public/configmaps/cluster-info'

const group = 'rbac.authorization.k8s.io'
const nodesGroup = 'system:nodes'
const requests = 'system:certificates.k8s.io:certificatesigningrequests'
const bootstrapper = 'system:node-bootstrapper'

/**
 * The objects that must exist before a machine can join, each with the path of its collection: roles and bindings as
 * kubeadm creates them, under upstream's names. A node may request its next certificate, and nothing else.
 */
export const joiningObjects = (
  info: JoiningInfo,
): readonly { path: string; object: KubernetesObject }[] => [
  ...clusterRole(bootstrapper, '', ['create', 'get', 'list', 'watch']),
  ...clusterRole(`${requests}:nodeclient`, '/nodeclient', ['create']),
  ...clusterRole(`${requests}:selfnodeclient`, '/selfnodeclient', ['create']),
  ...clusterBinding('reckon:node-bootstrapper', bootstrapper, [bootstrappersGroup, nodesGroup]),
  ...clusterBinding('reckon:nodeclient', `${requests}:nodeclient`, [bootstrappersGroup]),
  ...clusterBinding('reckon:selfnodeclient', `${requests}:selfnodeclient`, [nodesGroup]),
  ...clusterInfo(info),
]

const clusterRole = (name: string, kind: string, verbs: readonly string[]) => [
  {
    path: `/apis/${group}/v1/clusterroles`,
    object: {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        {
          apiGroups: ['certificates.k8s.io'],
          resources: [`certificatesigningrequests${kind}`],
          verbs,
        },
      ],
    },
  },
]

const clusterBinding = (name: string, role: string, groups: readonly string[]) => [
  {
    path: `/apis/${group}/v1/clusterrolebindings`,
    object: {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
      subjects: groups.map((name) => ({ apiGroup: group, kind: 'Group', name })),
    },
  },
]

function clusterInfo({ cluster, nats }: JoiningInfo) {
  const [name, namespace] = ['cluster-info', 'kube-public']
  const metadata = { name: 'reckon:cluster-info', namespace }
  const roles = `/apis/${group}/v1/namespaces/${namespace}`
  const mayRead = {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: [name],
    verbs: ['get'],
  }
  return [
    {
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace },
        data: { cluster, nats },
      },
    },
    {
      path: `${roles}/roles`,
      object: { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules: [mayRead] },
    },
    {
      path: `${roles}/rolebindings`,
      object: {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
        subjects: [bootstrappersGroup, nodesGroup].map((name) => ({
          apiGroup: group,
          kind: 'Group',
          name,
        })),
      },
    },
  ]
}
