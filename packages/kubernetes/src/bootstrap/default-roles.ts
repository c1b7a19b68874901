import type { ClusterRole, ClusterRoleBinding } from '../object.ts'
import data from './default-roles.json' with { type: 'json' }

/** A role of the cluster, or a binding of one. */
export type DefaultRole = ClusterRole & Partial<ClusterRoleBinding>

/** The roles and bindings that every cluster begins with, as upstream; `generate/` made them. */
export const defaultRoles: readonly DefaultRole[] = data
