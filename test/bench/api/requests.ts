import { randomBytes } from 'node:crypto'
import type { Answer, Connection } from './connection.ts'
import type { Figure } from './figure.ts'
import { Meter } from './meter.ts'
import { configMap, patchTo, unscheduledPod } from './objects.ts'
import type { ServerProcess } from './server-processes.ts'

/** What the phases of a load have in common: an API, a namespace of its own, and the server's processes. */
export type Load = {
  connections: readonly Connection[]
  namespace: string
  server: readonly ServerProcess[]
}

/** Does all of them, one at a time on each connection. */
export async function spread(
  connections: readonly Connection[],
  count: number,
  act: (connection: Connection, n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const work = async (connection: Connection) => {
    while (next < count) await act(connection, next++)
  }
  await Promise.all(connections.map(work))
}

type Requests = {
  what: string
  count: number
  /** This many requests precede the measurement, so that hot code is compiled on both sides. */
  warmUps: number
  ask(connection: Connection, n: number): Promise<Answer>
}

async function measure(load: Load, { what, count, warmUps, ask }: Requests): Promise<Figure> {
  await spread(load.connections, warmUps, (connection, n) => ask(connection, n))
  const meter = new Meter(load.server)
  await spread(load.connections, count, (connection, n) =>
    meter.latencies.time(() => ask(connection, warmUps + n)),
  )
  return meter.figure(what, count)
}

const warmUpsOf = (count: number) => Math.min(2000, Math.ceil(count / 10))

/** Creates ConfigMaps `bench-0`, `bench-1` …, at least `count` of them. */
export function creates(load: Load, count: number): Promise<Figure> {
  const path = `${load.namespace}/configmaps`
  return measure(load, {
    what: 'create',
    count,
    warmUps: warmUpsOf(count),
    ask: (connection, n) => connection.ask({ method: 'POST', path, body: configMap(`bench-${n}`) }),
  })
}

/** Sends merge patches to the created ConfigMaps in turn. */
export function patches(load: Load, count: number, created: number): Promise<Figure> {
  return measure(load, {
    what: 'merge patch',
    count,
    warmUps: warmUpsOf(count),
    ask: (connection, n) => {
      const path = `${load.namespace}/configmaps/bench-${n % created}`
      return connection.ask({ method: 'PATCH', path, body: patchTo(n + 1) })
    },
  })
}

/** Reads the created ConfigMaps, in an order in which neighbours are far apart. */
export function gets(load: Load, count: number, created: number): Promise<Figure> {
  return measure(load, {
    what: 'GET',
    count,
    warmUps: warmUpsOf(count),
    ask: (connection, n) => {
      const path = `${load.namespace}/configmaps/bench-${(n * 7919) % created}`
      return connection.ask({ method: 'GET', path })
    },
  })
}

/** Creates the pods that are then listed. */
export function podCreates(load: Load, count: number): Promise<Figure> {
  const path = `${load.namespace}/pods`
  return measure(load, {
    what: 'create a pod',
    count,
    warmUps: 0,
    ask: (connection, n) =>
      connection.ask({ method: 'POST', path, body: unscheduledPod(`bench-${n}`) }),
  })
}

/** Creates a namespace of its own; returns the path of its objects. */
export async function newNamespace(
  connections: readonly Connection[],
  prefix: string,
): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await connections[0]?.ask({ method: 'POST', path: '/api/v1/namespaces', body })
  return `/api/v1/namespaces/${name}`
}
