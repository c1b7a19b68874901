import { randomBytes } from 'node:crypto'
import type { Answer, Connection } from './connection.ts'
import type { Figure } from './figure.ts'
import { Meter } from './meter.ts'
import { configMap, patchTo, unscheduledPod } from './objects.ts'
import type { ServerProcess } from './server-processes.ts'

/** What the phases of a load share: an API, a namespace of its own, and the processes behind it. */
export type Load = {
  connections: readonly Connection[]
  namespace: string
  server: readonly ServerProcess[]
}

/** Does all of them, each connection one at a time. */
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
  /** So many before, not measured: both sides compile what runs often. */
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

/** Merge patches of the ConfigMaps that were created, in turn. */
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

/** Reads of the ConfigMaps that were created, far apart from each other. */
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

/** Pods for the lists to come. */
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

/** Makes a namespace that nobody else has; answers the path of what is in it. */
export async function newNamespace(
  connections: readonly Connection[],
  prefix: string,
): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await connections[0]?.ask({ method: 'POST', path: '/api/v1/namespaces', body })
  return `/api/v1/namespaces/${name}`
}
