import type { ClusterRole, ClusterRoleBinding } from '../object.ts'
import data from './default-roles.json' with { type: 'json' }

/** A role of the cluster, or a binding of one. */
export type DefaultRole = ClusterRole & Partial<ClusterRoleBinding>

/** Who may see what is in a namespace may see what that uses; as upstream's metrics-server has it. */
const metricsReader: DefaultRole = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {
    name: 'system:aggregated-metrics-reader',
    labels: Object.fromEntries(
      ['admin', 'edit', 'view'].map((role) => [
        `rbac.authorization.k8s.io/aggregate-to-${role}`,
        'true',
      ]),
    ),
  },
  rules: [
    {
      apiGroups: ['metrics.k8s.io'],
      resources: ['pods', 'nodes'],
      verbs: ['get', 'list', 'watch'],
    },
  ],
}

/** The roles and bindings that every cluster begins with, as upstream; `generate/` made them but for one. */
export const defaultRoles: readonly DefaultRole[] = [...data, metricsReader]
