/** The log's first event is in this stream; there is one in each log. */
export const clusterStream = 'clusters-/cluster'

/** What is decided once, when a cluster is founded, and is the same for every service from then on. */
export type ClusterSettings = {
  /** Pods' addresses. */
  clusterCidr: string
  /** Services' addresses. */
  serviceCidr: string
  /** First and last port that a NodePort Service may have. */
  nodePorts: readonly [number, number]
  /** The suffix of names in the cluster's DNS. */
  domain: string
}

/** The data of `ClusterFounded`. */
export type ClusterFounded = { cluster: string; settings: ClusterSettings }

/** The cluster as its log knows it: its id and settings, and the id of the event that founded it. */
export type Cluster = ClusterFounded & { founded: string }

export const defaultSettings: ClusterSettings = {
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  nodePorts: [30000, 32767],
  domain: 'cluster.local',
}
