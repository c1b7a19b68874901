import { type Node, ownValue, type Pod, type ReplicaSet, type Service } from '@reckon/kubernetes'

/** A cluster as plain lists. */
export type PlainCluster = {
  nodes: Map<string, Node>
  /** Bound pods. */
  pods: Map<string, Pod>
  namespaces: Map<string, Record<string, string>>
  services: Map<string, Service>
  replicaSets: Map<string, ReplicaSet>
}

export const labelOf = (node: Node, key: string): string | undefined =>
  ownValue(node.metadata.labels, key)
