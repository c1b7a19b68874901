import { addressText, parseCidr } from '@reckon/kubernetes'
import type { NodeSettings } from '@reckon/node-plane'
import { dataOf, type Recorded } from './recorded-data.ts'

/** The log's first event is in this stream; there is one in each log. */
export const clusterStream = 'clusters-/cluster'

/** What is decided once, when a cluster is founded, and is the same for everybody from then on. */
export type ClusterSettings = NodeSettings & {
  /** How long the prefix of each node's range of pods' addresses is. */
  nodeCidrMaskSize: number
  /** First and last port that a NodePort Service may have. */
  nodePorts: readonly [number, number]
  /** So long pods stay on a node that is lost, where they say nothing of it; 300 where this is not said. */
  defaultTolerationSeconds?: number
  /** Whether Services may have `externalIPs`; not, where this is not said. */
  allowsExternalIPs?: boolean
}

/** Settings that the first clusters had without saying so. */
const settingDefaults = { nodeCidrMaskSize: 24, clusterDns: '169.254.20.10' }
type DefaultedSetting = keyof typeof settingDefaults
type RecordedSettings = Omit<ClusterSettings, DefaultedSetting> &
  Partial<Pick<ClusterSettings, DefaultedSetting>>

/** The data of `ClusterFounded`. */
export type ClusterFounded = { cluster: string; settings: RecordedSettings }

/** The cluster as its log knows it: its id and settings, and the id of the event that founded it. */
export type Cluster = { cluster: string; settings: ClusterSettings; founded: string }

/** The cluster that this event founded. */
export function clusterOf(event: Recorded): Cluster {
  const { cluster, settings } = dataOf<ClusterFounded>(event, 'cluster', 'settings')
  return { cluster, settings: { ...settingDefaults, ...settings }, founded: event.id }
}

/** The settings of the cluster whose log a view has; there is one before anything is written. */
export function settingsOf({ cluster }: { cluster: Cluster | undefined }): ClusterSettings {
  if (!cluster) throw new Error('the cluster is not founded yet')
  return cluster.settings
}

const podsBegin = '10.244.0.0'
const podsBitsMax = 16

/** What a cluster is founded with where nothing else is wished: for so many nodes, with room for as many again. */
export function settingsFor(nodes: number): ClusterSettings {
  const { nodeCidrMaskSize } = settingDefaults
  // One range more than nodes: the pods' gateways have addresses in the first one.
  const rangeBits = Math.ceil(Math.log2(2 * (nodes + 1)))
  const bits = Math.min(podsBitsMax, nodeCidrMaskSize - rangeBits)
  const { first } = parseCidr(`${podsBegin}/${bits}`)
  return {
    ...settingDefaults,
    clusterCidr: `${addressText(first)}/${bits}`,
    serviceCidr: '10.96.0.0/12',
    nodePorts: [30_000, 32_767],
    domain: 'cluster.local',
  }
}

/** How many nodes can have a range of addresses. */
export const nodesMax = ({ clusterCidr, nodeCidrMaskSize }: ClusterSettings): number =>
  Math.floor(parseCidr(clusterCidr).size / 2 ** (32 - nodeCidrMaskSize))

export const defaultSettings = settingsFor(1)
