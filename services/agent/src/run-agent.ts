import assert from 'node:assert/strict'
import {
  configMaps,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  secrets,
} from '@reckon/kubernetes'
import { NodeReader, type NodeWireName, SecretReader } from '@reckon/node-plane'
import { createMetrics, KeyFailures, runTogether } from '@reckon/process'
import type { AgentPorts } from './agent-ports.ts'
import type { AgentConfiguration } from './configuration.ts'
import { Pressure } from './eviction/pressure.ts'
import { runEviction } from './eviction/run-eviction.ts'
import { PodImages } from './images/pod-images.ts'
import { Addresses } from './node/addresses.ts'
import { kubeletMetrics } from './node/kubelet-metrics.ts'
import type { NodeContext } from './node/node-context.ts'
import { NodeLoop } from './node/node-loop.ts'
import { NodeNetwork } from './node/node-network.ts'
import { type CacheChange, ObjectCache } from './node/object-cache.ts'
import { Reporter } from './node/reporter.ts'
import { TokenReader } from './node/token-reader.ts'
import { Admission } from './pods/admission.ts'
import { EndpointsGone } from './pods/endpoints-gone.ts'
import { createGate } from './pods/gate.ts'
import { PodLoops } from './pods/pod-loops.ts'
import { stopPods } from './pods/stop-pods.ts'
import { measuredRuntime } from './runtime/measured-runtime.ts'
import { runStreams } from './streams/run-streams.ts'
import { runUsage } from './usage/run-usage.ts'
import { LocalVolumes } from './volumes/local-volumes.ts'

const startsAtOnceMax = 4
/** A kubelet's default. */
const transitionMsUsual = 300_000
const wires: readonly NodeWireName[] = ['Shared', 'Own']

/**
 * Runs the pods of one node until the signal aborts: learns of them over the node's wire, keeps their containers as the
 * objects say, and reports what it observes. Containers go on when the agent ends, unless it is configured to stop
 * them.
 */
export async function runAgent(
  given: AgentPorts,
  configuration: AgentConfiguration,
  signal: AbortSignal,
): Promise<void> {
  // Identifies this boot of the agent; the cluster assigns its number.
  const bootId = given.ids.next()
  const { nodeName, evictionTransitionMs = transitionMsUsual } = configuration
  const { nodeKey, clock, log, metrics = createMetrics() } = given
  const known = new ObjectCache()
  const own = kubeletMetrics({ node: nodeName, known })
  const ports = { ...given, runtime: measuredRuntime(given, own.registry) }
  const endpointsGone = new EndpointsGone(ports, known)
  const node: NodeContext = {
    ports,
    configuration,
    known,
    network: new NodeNetwork(known, configuration),
    addresses: new Addresses(),
    admission: new Admission(known, nodeName),
    reporter: new Reporter(ports, { name: nodeName, bootId }, signal),
    tokens: new TokenReader(ports, nodeName, known),
    endpointsGone,
    memoryPressure: new Pressure(evictionTransitionMs),
    diskPressure: new Pressure(evictionTransitionMs),
    images: new PodImages(ports, configuration.imageLimits),
    metrics: own,
    failures: new KeyFailures('pod', { clock, logger: log, metrics }),
    startGate: createGate(startsAtOnceMax),
  }
  const stop = new AbortController()
  const ends = AbortSignal.any([signal, stop.signal])
  const loops = new PodLoops(node, ends)
  const readers = wires.map((wire) => {
    return new NodeReader(ports, { node: nodeName, wire }, known.listener(wire))
  })
  const readAgain = async () => void (await Promise.all(readers.map((each) => each.readAgain())))
  const nodeLoop = new NodeLoop(node, bootId, { pods: loops, readAgain })
  known.onEachChange(pods, ({ before, after }) => loops.change(before?.object, after))
  const refresh = ({ before, after }: CacheChange) => {
    const changed = after ?? before
    if (changed) loops.refresh(changed.object)
  }
  known.onEachChange(configMaps, refresh)
  known.onEachChange(secrets, refresh)
  known.onEachChange(persistentVolumeClaims, refresh)
  known.onEachChange(persistentVolumes, ({ before, after }) => {
    const claim = (after ?? before)?.object.spec.claimRef
    if (claim?.namespace) loops.refreshIn(claim.namespace)
  })
  const volumes = new LocalVolumes(node, loops)
  known.onEachRead(() => {
    // Removing the pods of one cluster because another does not know them would be fatal.
    assert.equal(known.cluster, configuration.clusterId, 'this wire belongs to another cluster')
    loops.findOrphans()
  })
  // Without a key, the node knows Secrets only by name and receives no tokens.
  const secretReader = nodeKey && new SecretReader({ ...ports, nodeKey }, nodeName, known)
  const tokenReader = nodeKey && node.tokens
  node.tokens.onToken = (podUid) => loops.refreshPod(podUid)
  const silence = endpointsGone.listen(ports.bus)
  try {
    await runTogether(ends, [
      ...readers.map((reader) => (ended: AbortSignal) => reader.run(ended)),
      ...[secretReader, tokenReader].flatMap((reader) =>
        reader ? [(ended: AbortSignal) => reader.run(ended)] : [],
      ),
      (ended) => nodeLoop.runEngine((podUid) => loops.look(podUid), ended),
      (ended) => nodeLoop.runReports(ended),
      (ended) => nodeLoop.runHeartbeat(ended),
      (ended) => runStreams(node, ended),
      (ended) => runUsage(node, ended),
      (ended) => runEviction(node, loops, ended),
      (ended) => node.images.run(ended),
      (ended) => volumes.run(ended),
      () => loops.ended,
    ])
  } finally {
    stop.abort()
    silence()
  }
  if (configuration.stopPodsOnExit) await stopPods(ports, known)
}
