import { randomBytes } from 'node:crypto'
import { runAgent } from '@reckon/agent/run'
import { createSimulatedDialer } from '@reckon/agent/simulated-dialer'
import { createSimulatedDisk } from '@reckon/agent/simulated-disk'
import { createSimulatedRuntime } from '@reckon/agent/simulated-runtime'
import { runApi } from '@reckon/api/run'
import { defaultSettings } from '@reckon/domain'
import {
  type Bus,
  createFollower,
  createReader,
  type Logger,
  type OpenReader,
} from '@reckon/eventing'
import { createMemoryEventLog, createMemoryTokenKey } from '@reckon/eventing/memory'
import { connectBus } from '@reckon/eventing/nats'
import {
  systemClock as clock,
  createNodeSealing,
  drawNodeKey,
  systemIds as ids,
} from '@reckon/process'
import { runReplicator } from '@reckon/replicator/run'
import { runScheduler } from '@reckon/scheduler/run'
import type { FastifyInstance } from 'fastify'

const cluster = 'contract'
const admin = { name: 'ada', groups: ['system:masters', 'system:authenticated'] }

/** An api, a scheduler, a replicator and agents over a real nats-server, as their processes run, on a log in memory. */
export async function servicesOnNats(
  url: string,
  { nodes, passwordOf }: { nodes: readonly string[]; passwordOf: (user: string) => string },
) {
  const stop = new AbortController()
  const log = createMemoryEventLog()
  const warnings: { fields: object; message: string }[] = []
  const warn = (fields: object, message: string) => warnings.push({ fields, message })
  const logger: Logger & { error: typeof warn } = { info() {}, warn, error: warn }
  const buses: Bus[] = []
  const connect = async (user: string): Promise<Bus> => {
    const password = passwordOf(user)
    const bus = await connectBus({ servers: url, name: user, user, password, logger })
    buses.push(bus)
    return bus
  }
  const trusted = async (user: string, create = createReader) => {
    const bus = await connect(user)
    const openReader: OpenReader = (projections) =>
      create({ log, bus, clock }, projections, { logger })
    return { log, bus, clock, ids, logger, openReader }
  }
  const listening = Promise.withResolvers<FastifyInstance>()
  const founding = { cluster, settings: defaultSettings, port: 6443, authenticator: () => admin }
  const listen = async (app: FastifyInstance) => listening.resolve(app)
  const running = new Map<string, Promise<void>>()
  const tokenKey = createMemoryTokenKey()
  const api = {
    ...(await trusted('api', createFollower)),
    ...{ streams: await connect('api'), tokenKey, nodeSealing: createNodeSealing() },
  }
  running.set('api', runApi({ ...api, listen }, founding, stop.signal))
  const authority = { rootCa: 'the authority of the cluster', tokenKey }
  const replicator = { ...(await trusted('replicator')), ...authority }
  running.set('replicator', runReplicator(replicator, { holder: 'r' }, stop.signal))
  running.set('scheduler', runScheduler(await trusted('scheduler'), { holder: 's' }, stop.signal))
  for (const node of nodes) {
    const runtime = createSimulatedRuntime({ clock, ids }, { cpus: 4, memoryBytes: 8 * 2 ** 30 })
    const machine = { runtime, disk: createSimulatedDisk(), dialer: createSimulatedDialer() }
    const wires = { bus: await connect(node), streams: await connect(node) }
    const own = { ...wires, clock, ids, log: logger, nodeKey: drawNodeKey(randomBytes), ...machine }
    const configuration = {
      nodeName: node,
      clusterId: cluster,
      machineId: node,
      machineBootId: node,
      pauseImage: 'pause:1',
      stopPodsOnExit: false,
    }
    running.set(node, runAgent(own, configuration, stop.signal))
  }
  const app = await listening.promise
  return {
    log,
    warnings,
    /** Sends a request to the API as a user who may do everything. */
    async ask(method: 'GET' | 'POST', path: string, body?: unknown) {
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
      const headers = { 'content-type': 'application/json' }
      const answer = await app.inject({ method, url: path, headers, ...payload })
      return { code: answer.statusCode, json: answer.json() }
    },
    /** The processes that have ended, and why. */
    async ended(): Promise<string[]> {
      const looks = [...running].map(async ([name, run]) => {
        const still = Symbol('still running')
        const outcome = await Promise.race([
          run.then(
            () => 'ended',
            (error) => String(error),
          ),
          new Promise((resolve) => setImmediate(() => resolve(still))),
        ])
        return outcome === still ? [] : [`${name}: ${outcome}`]
      })
      return (await Promise.all(looks)).flat()
    },
    async close() {
      stop.abort()
      await Promise.all(running.values())
      await Promise.all(buses.map((bus) => bus.close()))
    },
  }
}
