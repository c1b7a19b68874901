import type { ObjectChange } from '@reckon/domain'
import { daemonSets, isDeepEqual, nodes } from '@reckon/kubernetes'
import { podOwnerController } from '../ownership/pod-owner-controller.ts'
import { plan } from './plan.ts'

/** DaemonSets: a pod on every node that fits. */
export const daemonSetController = podOwnerController({
  name: 'daemonset-controller',
  owners: daemonSets,
  selectorOf: ({ spec }) => spec.selector,
  plan,
  concernsAll: ({ type, resource, stored, before }: ObjectChange) => {
    if (resource !== nodes) return false
    const { metadata, spec } = stored.object
    return (
      type !== 'MODIFIED' ||
      !isDeepEqual(metadata.labels, before?.object.metadata.labels) ||
      !isDeepEqual(spec, before?.object.spec)
    )
  },
})
