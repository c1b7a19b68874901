import { type Objects, streamOf } from '@reckon/domain'
import { attempt } from '@reckon/eventing'
import {
  clusterRoleBindings,
  clusterRoles,
  type DefaultRole,
  defaultRoles,
  namespaces,
} from '@reckon/kubernetes'
import type { Controller } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan } from './plan.ts'

/** Maintains the default roles and bindings: creates them once the cluster is founded, and restores them. */
export const defaultRolesController: Controller = {
  name: 'default-roles-controller',

  keysOf({ type, resource, stored: { object } }) {
    if (resource === namespaces && type === 'ADDED') return [...wanted.keys()]
    const key = streamOf(resource, '', object.metadata.name)
    return wanted.has(key) ? [key] : []
  },

  allKeys: () => [...wanted.keys()],

  async reconcile(key, { objects, writerFor }) {
    const role = wanted.get(key)
    const { cluster } = objects
    if (role === undefined || cluster === undefined) return undefined
    const stored = currentOf(role, objects)
    const founding = { id: cluster.founded, correlationId: cluster.founded }
    const writer = writerFor(stored ?? { intent: founding, last: founding })
    const steps = attempt(key, () => plan(stored?.object, role))
    await eachStep(steps, async (step) =>
      step.type === 'CreateRole'
        ? writer.create(step.role)
        : writer.change(step.current, (current) => ({ ...current, ...step.wanted })),
    )
    return undefined
  },
}

const resourceOfRole = (role: DefaultRole) =>
  'roleRef' in role ? clusterRoleBindings : clusterRoles

const wanted: ReadonlyMap<string, DefaultRole> = new Map(
  defaultRoles.map((role) => [streamOf(resourceOfRole(role), '', role.metadata.name), role]),
)

const currentOf = (role: DefaultRole, objects: Objects) =>
  objects.get<DefaultRole>(resourceOfRole(role), '', role.metadata.name)
