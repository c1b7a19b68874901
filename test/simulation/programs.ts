import { gzipSync } from 'node:zlib'
import { runAgent } from '@reckon/agent/run'
import { type ApiPorts, runApi } from '@reckon/api/run'
import { defaultSettings, Objects } from '@reckon/domain'
import {
  type Bus,
  type Clock,
  type CreateReader,
  createFollower,
  createReader,
  type EventLog,
  type Ids,
  type OpenReader,
  type Reader,
  type SegmentStore,
  type SnapshotStore,
  type Vault,
} from '@reckon/eventing'
import { createMemoryTokenKey } from '@reckon/eventing/memory'
import { createNodeSealing } from '@reckon/process'
import { runProxy } from '@reckon/proxy/run'
import { PodsEverCreated, runReplicator } from '@reckon/replicator/run'
import { runScheduler } from '@reckon/scheduler/run'
import type { FastifyInstance } from 'fastify'
import type { Machine } from './machine.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { NodeTimeouts } from './world.ts'

/** The surroundings of every program of the simulated world. */
export type ProgramPorts = {
  process: SimulatedProcess
  log: EventLog
  bus: Bus
  streams: Bus
  clock: Clock
  ids: Ids
  logger: ApiPorts['logger']
  /** What outlives a run of the program. */
  snapshots: SnapshotStore
  segments: SegmentStore
  /** The master key that trusted services have. */
  vault: Vault
  /** This many random bytes. */
  draw(bytes: number): Uint8Array
}

/** What a running program shows to the checkers and clients. */
export type Shown = {
  objects?: Objects
  podsEverCreated?: PodsEverCreated
  reader?: Reader
  app?: FastifyInstance
}

/** The real loop of a service, which can be started as often as it is killed. */
export type Program = {
  /** `scheduler@machine-1`: the same after a restart. */
  name: string
  service: 'api' | 'scheduler' | 'replicator' | 'agent' | 'proxy'
  start(ports: ProgramPorts, signal: AbortSignal, show: (shown: Shown) => void): Promise<void>
}

const cluster = 'simulated'
/** Every user may do everything. */
const person = { name: 'ada', groups: ['system:masters', 'system:authenticated'] }
const snapshotEveryEvents = 150
/** So few that views leave out what is superseded whenever they read some segments. */
const sparedEvents = 5

/** The ports of a trusted service; each view that it opens is shown. */
function trustedPorts(
  ports: ProgramPorts,
  show: (shown: Shown) => void,
  create: CreateReader = createReader,
) {
  const { log, bus, clock, ids, logger } = ports
  const snapshots = { store: ports.snapshots, name: 'views', everyEvents: snapshotEveryEvents }
  const openReader: OpenReader = (projections) => {
    const reader = create({ log, bus, clock }, projections, {
      snapshots,
      segments: ports.segments,
      sparedEvents,
      logger,
    })
    const objects = projections.find((each) => each instanceof Objects)
    const podsEverCreated = projections.find((each) => each instanceof PodsEverCreated)
    show({
      reader,
      ...(objects && { objects }),
      ...(podsEverCreated && { podsEverCreated }),
    })
    return reader
  }
  return { log, bus, clock, ids, logger, openReader }
}

export const apiOn = (
  machine: number,
  { tolerationSeconds, nodeGraceSeconds }: NodeTimeouts,
): Program => ({
  name: `api@machine-${machine}`,
  service: 'api',
  start(ports, signal, show) {
    const listen = async (app: FastifyInstance) => show({ app })
    const authenticator = () => person
    const settings = { ...defaultSettings, defaultTolerationSeconds: tolerationSeconds }
    const own = { cluster, port: 6443, settings, authenticator }
    const gzip = async (answer: string | Uint8Array) => gzipSync(answer)
    const { vault, draw, streams } = ports
    const tokenKey = createMemoryTokenKey()
    const secrets = { vault, tokenKey, nodeSealing: createNodeSealing(draw) }
    const trusted = { ...trustedPorts(ports, show, createFollower), nodeGraceSeconds }
    return runApi({ ...trusted, ...secrets, streams, gzip, listen }, own, signal)
  },
})

export const schedulerOn = (machine: number): Program => ({
  name: `scheduler@machine-${machine}`,
  service: 'scheduler',
  start(ports, signal, show) {
    const holder = `scheduler@machine-${machine}`
    return runScheduler(trustedPorts(ports, show), { holder }, signal)
  },
})

export const replicatorOn = (machine: number, { nodeGraceSeconds }: NodeTimeouts): Program => ({
  name: `replicator@machine-${machine}`,
  service: 'replicator',
  start(ports, signal, show) {
    const holder = `replicator@machine-${machine}`
    const rootCa = 'the authority of the simulated cluster'
    const own = { vault: ports.vault, rootCa, tokenKey: createMemoryTokenKey() }
    return runReplicator(
      { ...trustedPorts(ports, show), ...own },
      { holder, nodeGraceSeconds },
      signal,
    )
  },
})

export const agentOn = (machine: Machine, stopPodsOnExit: boolean): Program => ({
  name: `agent@${machine.node}`,
  service: 'agent',
  start(ports, signal) {
    const { process, bus, streams, clock, ids, logger } = ports
    const { directories, dialer, index, node } = machine
    const configuration = {
      nodeName: node,
      clusterId: cluster,
      nodeIP: () => `192.0.2.${index}`,
      pauseImage: 'pause:1',
      machineId: machine.node,
      machineBootId: `boot-of-${machine.node}`,
      stopPodsOnExit,
    }
    const runtime = machine.runtimeFor(process)
    const outside = { bus, streams, clock, ids, log: logger, nodeKey: machine.nodeKey }
    const own = { ...outside, runtime, disk: directories.diskFor(process), dialer }
    return runAgent(own, configuration, signal)
  },
})

export const proxyOn = (machine: Machine): Program => ({
  name: `proxy@${machine.node}`,
  service: 'proxy',
  start({ process, bus, clock, logger }, signal) {
    const openDataplane = async () => machine.dataplaneFor(process)
    const onFailure = (output: string, err: unknown) => logger.error({ err, output }, 'not applied')
    const own = { bus, clock, log: logger, openDataplane, report: () => undefined, onFailure }
    return runProxy(own, { node: machine.node, machineNodes: [machine.node] }, signal)
  },
})
