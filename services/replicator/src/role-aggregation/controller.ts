import type { Objects } from '@reckon/domain'
import { type ClusterRole, clusterRoles } from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { isGathered, plan } from './plan.ts'

/** Aggregated ClusterRoles: collect the rules of all ClusterRoles with certain labels. */
export const roleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',

  keysOf({ resource, stored, before }, objects) {
    if (resource !== clusterRoles) return []
    const changed = before === undefined ? [stored.object] : [stored.object, before.object]
    const { name } = stored.object.metadata
    return aggregated(objects)
      .filter(
        (role) => role.metadata.name === name || changed.some((each) => isGathered(each, role)),
      )
      .map(({ metadata }) => metadata.name)
  },

  allKeys: (objects) => aggregated(objects).map(({ metadata }) => metadata.name),

  async reconcile(name, { objects, writerFor }) {
    const stored = objects.get(clusterRoles, '', name)
    if (!stored?.object.aggregationRule) return undefined
    const all = objects.list(clusterRoles).map(({ object }) => object)
    const wanted = planFor(stored.object, () => plan(stored.object, all))
    if (wanted === undefined) return undefined
    await writerFor(stored).change(stored.object, (role) => ({ ...role, rules: wanted.rules }))
    return undefined
  },
}

const aggregated = (objects: Objects): ClusterRole[] =>
  objects.list(clusterRoles).flatMap(({ object }) => (object.aggregationRule ? [object] : []))
