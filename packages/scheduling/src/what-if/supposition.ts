import type { KubernetesObject, Node } from '@reckon/kubernetes'
import type { SchedulerConfiguration } from '../policy/configuration.ts'

/** A pod, or what pods are made by. */
export type WorkloadName = {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** Something that is otherwise than it was. */
export type Supposition =
  | { readonly suppose: 'Configured'; readonly configuration: SchedulerConfiguration }
  | { readonly suppose: 'NodeAdded'; readonly node: Node }
  | { readonly suppose: 'NodeRemoved'; readonly name: string }
  | { readonly suppose: 'PrioritySet'; readonly of: WorkloadName; readonly priority: number }
  | { readonly suppose: 'Scaled'; readonly of: WorkloadName; readonly replicas: number }
  | { readonly suppose: 'Applied'; readonly object: KubernetesObject }
