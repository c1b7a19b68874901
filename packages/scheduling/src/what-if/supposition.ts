import type { KubernetesObject, Node } from '@reckon/kubernetes'
import type { SchedulerConfiguration } from '../policy/configuration.ts'

/** A pod, or a workload that creates pods. */
export type WorkloadName = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** An assumed difference from what really happened. */
export type Supposition =
  | { readonly suppose: 'Configured'; readonly configuration: SchedulerConfiguration }
  | { readonly suppose: 'NodeAdded'; readonly node: Node }
  | { readonly suppose: 'NodeRemoved'; readonly name: string }
  | { readonly suppose: 'PrioritySet'; readonly of: WorkloadName; readonly priority: number }
  | { readonly suppose: 'Scaled'; readonly of: WorkloadName; readonly replicas: number }
  | { readonly suppose: 'Applied'; readonly object: KubernetesObject }
