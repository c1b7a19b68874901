import type { ClusterRole, ClusterRoleBinding } from '../object.ts'
import data from './default-roles.json' with { type: 'json' }

/** A role of the cluster, or a binding of one. */
export type DefaultRole = ClusterRole & Partial<ClusterRoleBinding>

/** Whoever may view a namespace may also view its usage, as with upstream's metrics-server. */
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

/** The roles and bindings of every new cluster, as upstream; all but one are generated (`generate/`). */
export const defaultRoles: readonly DefaultRole[] = [...data, metricsReader]
