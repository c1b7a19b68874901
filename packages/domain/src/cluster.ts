import { addressText, parseCidr } from '@reckon/kubernetes'
import type { NodeSettings } from '@reckon/node-plane'
import { dataOf, type Recorded } from './recorded-data.ts'

/** The stream of the log's first event; there is one in each log. */
export const clusterStream = 'clusters-/cluster'

/** Settings that are fixed when a cluster is founded, and the same for everybody from then on. */
export type ClusterSettings = NodeSettings & {
  /** The prefix length of each node's pod address range. */
  nodeCidrMaskSize: number
  /** The first and last port of NodePort Services. */
  nodePorts: readonly [number, number]
  /** The default toleration of pods for a lost node, in seconds. */
  defaultTolerationSeconds: number
  /** Whether Services may have `externalIPs`. */
  allowsExternalIPs: boolean
}

/** Settings that the first clusters did not record. */
const settingDefaults = {
  nodeCidrMaskSize: 24,
  clusterDns: '169.254.20.10',
  defaultTolerationSeconds: 300,
  allowsExternalIPs: false,
}
type DefaultedSetting = keyof typeof settingDefaults
type RecordedSettings = Omit<ClusterSettings, DefaultedSetting> &
  Partial<Pick<ClusterSettings, DefaultedSetting>>

/** The data of `ClusterFounded`. */
export type ClusterFounded = { cluster: string; settings: RecordedSettings }

/** The cluster by its log: its id and settings, and the id of the event that founded it. */
export type Cluster = { cluster: string; settings: ClusterSettings; founded: string }

/** The cluster that this event founded. */
export function clusterOf(event: Recorded): Cluster {
  const { cluster, settings } = dataOf<ClusterFounded>(event, 'cluster', 'settings')
  return { cluster, settings: { ...settingDefaults, ...settings }, founded: event.id }
}

/** The settings of the view's cluster; it is always founded before anything else is written. */
export function settingsOf({ cluster }: { cluster: Cluster | undefined }): ClusterSettings {
  if (!cluster) throw new Error('the cluster is not founded yet')
  return cluster.settings
}

const podsBegin = '10.244.0.0'
const podsBitsMax = 16

/** The default settings of a new cluster: address ranges for so many nodes and as many again. */
export function settingsFor(nodes: number): ClusterSettings {
  const { nodeCidrMaskSize } = settingDefaults
  // One range more than nodes: the gateways of the pods have addresses in the first one.
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

/** How many nodes can have an address range. */
export const nodesMax = ({ clusterCidr, nodeCidrMaskSize }: ClusterSettings): number =>
  Math.floor(parseCidr(clusterCidr).size / 2 ** (32 - nodeCidrMaskSize))

export const defaultSettings = settingsFor(1)
