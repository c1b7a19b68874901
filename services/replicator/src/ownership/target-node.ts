import type { Pod, PodSpec } from '@reckon/kubernetes'

const nameField = 'metadata.name'

/** A pod's spec with a node affinity to this one node: as upstream, the scheduler binds it there or nowhere. */
export function forNode(spec: PodSpec, nodeName: string): PodSpec {
  const matchFields = [{ key: nameField, operator: 'In', values: [nodeName] }]
  const required = { nodeSelectorTerms: [{ matchFields }] }
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: required,
  }
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity } }
}

/** The one node that a pod's affinity names, if it does. */
export function targetNodeOf({ spec }: Pod): string | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const fields = required?.nodeSelectorTerms.flatMap(({ matchFields = [] }) => matchFields) ?? []
  const [field] = fields
  const isOne = fields.length === 1 && field?.key === nameField && field.values?.length === 1
  return isOne ? field.values?.[0] : undefined
}
