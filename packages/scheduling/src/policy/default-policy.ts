import type { Policy } from '../framework.ts'
import { defaultPreemption } from '../plugins/default-preemption.ts'
import { imageLocality } from '../plugins/image-locality.ts'
import { interPodAffinity } from '../plugins/inter-pod-affinity.ts'
import { nodeAffinity } from '../plugins/node-affinity.ts'
import { nodeName } from '../plugins/node-name.ts'
import { nodePorts } from '../plugins/node-ports.ts'
import { nodeResourcesBalancedAllocation } from '../plugins/node-resources-balanced-allocation.ts'
import { nodeResourcesFit } from '../plugins/node-resources-fit.ts'
import { nodeUnschedulable } from '../plugins/node-unschedulable.ts'
import { podTopologySpread } from '../plugins/pod-topology-spread.ts'
import { taintToleration } from '../plugins/taint-toleration.ts'
import { volumeBinding } from '../plugins/volume-binding.ts'
import { volumeRestrictions } from '../plugins/volume-restrictions.ts'
import { volumeZone } from '../plugins/volume-zone.ts'

/**
 * The order and the weights of kube-scheduler's default profile. To add a plugin, write a file and add a line here:
 * plugins that judge Node objects come first, then those that judge a node's load, then those that judge topology.
 */
export const defaultPolicy: Policy = {
  name: 'default',
  plugins: [
    { plugin: nodeUnschedulable, weight: 0 },
    { plugin: nodeName, weight: 0 },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: imageLocality, weight: 1 },
    { plugin: volumeRestrictions, weight: 0 },
    { plugin: volumeBinding, weight: 0 },
    { plugin: volumeZone, weight: 0 },
    { plugin: nodePorts, weight: 0 },
    { plugin: nodeResourcesFit, weight: 1 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: podTopologySpread, weight: 2 },
    { plugin: interPodAffinity, weight: 2 },
    { plugin: defaultPreemption, weight: 0 },
  ],
}

/**
 * The version of the algorithm, raised whenever any placement may come out differently: replay only recomputes
 * decisions of its own version. Version 1 took the node with the highest hash among equals; version 2 had no
 * preemption, version 3 no volumes.
 */
export const algorithm = 4
