import type { KubernetesObject, LabelSelector } from '../../object.ts'
import type { Replicas } from '../../resource.ts'

type Replicated = KubernetesObject & {
  spec: { replicas?: number; selector?: LabelSelector }
  status?: { replicas?: number }
}

/** The wanted and present replicas of the kinds of apps/v1. */
export const replicasOf = ({ spec, status }: Replicated): Replicas => ({
  wanted: spec.replicas ?? 0,
  present: status?.replicas ?? 0,
  selector: spec.selector ?? {},
})
