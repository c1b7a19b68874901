import { setTimeout as after } from 'node:timers/promises'
import type { Connection } from './connection.ts'
import type { Figure } from './figure.ts'
import { Meter } from './meter.ts'
import { configMap, patchTo } from './objects.ts'
import { type Load, spread } from './requests.ts'
import { Watcher } from './watcher.ts'

export type FanOutSize = {
  watchers: number
  /** The number of watchers that never read. */
  stopped?: number
  /** Goes from step to step, until the watchers do not keep up with one. */
  writesPerSecond: readonly number[]
  stepSeconds: number
}

const objectCount = 32
/** Watchers keep up with a step if they receive everything within this time after its last write was due. */
const lateMsMax = 1000
const drainMsMax = 60_000
const pollMs = 5

/** Watchers of one namespace, each on its own connection, receive every write to its 32 ConfigMaps. */
export async function fanOut(
  load: Load,
  connect: () => Connection,
  { watchers: count, stopped = 0, writesPerSecond, stepSeconds }: FanOutSize,
): Promise<Figure[]> {
  const path = `${load.namespace}/configmaps`
  await spread(load.connections, objectCount, (connection, n) =>
    connection.ask({ method: 'POST', path, body: configMap(`watched-${n}`) }),
  )
  // They were created with mark 0; writing that again would change nothing.
  const dueMs = [0]
  let meter = new Meter(load.server)
  const hear = (mark: number) => meter.latencies.addMs(performance.now() - (dueMs[mark] ?? 0))
  const watching = Array.from({ length: count }, () => ({
    connection: connect(),
    watcher: new Watcher(hear),
  }))
  const watch = `${path}?watch=true&resourceVersion=${await versionOf(load, path)}`
  await Promise.all(watching.map(({ connection, watcher }) => watcher.follow(connection, watch)))
  const idlers = Array.from({ length: stopped }, connect)
  await Promise.all(idlers.map((connection) => connection.neglect(watch)))
  const heard = () => watching.reduce((sum, { watcher }) => sum + watcher.heard, 0)
  const ended = () => watching.filter(({ watcher }) => watcher.ended !== undefined).length

  const figures: Figure[] = []
  for (const rate of writesPerSecond) {
    const before = heard()
    meter = new Meter(load.server)
    const endMs = performance.now() + stepSeconds * 1000
    const accepted = await writeSteadily(load, { rate, seconds: stepSeconds, dueMs })
    const missing = () => before + accepted * count - heard()
    await until(() => missing() === 0, endMs + lateMsMax)
    const isFollowed = accepted === rate * stepSeconds && missing() === 0 && ended() === 0
    const what = `${rate} writes/s to ${count} watchers`
    const figure = meter.figure(what, accepted, accepted * count)
    await until(() => missing() === 0, endMs + drainMsMax)
    const lost = missing() > 0 ? `, ${missing()} lost` : ''
    const cutOff = ended() > 0 ? `, ${ended()} watches ended by the server` : ''
    figures.push({ ...figure, note: `${isFollowed ? 'followed' : 'not followed'}${lost}${cutOff}` })
    if (!isFollowed) break
  }
  const used = [...watching.map(({ connection }) => connection), ...idlers]
  await Promise.all(used.map((connection) => connection.close()))
  return figures
}

type Writes = {
  rate: number
  seconds: number
  /** The time at which each write was due, by its mark; continues from the last step. */
  dueMs: number[]
}

/**
 * Writes at a steady rate, however late the answers come, until it is two seconds behind. Resolves with the number
 * accepted, once all are answered.
 */
async function writeSteadily(load: Load, { rate, seconds, dueMs }: Writes): Promise<number> {
  const begunMs = performance.now()
  const answers: Promise<unknown>[] = []
  let [accepted, refused] = [0, 0]
  const isBehind = () => answers.length - accepted - refused > 2 * rate
  while (answers.length < rate * seconds && !isBehind()) {
    const nextMs = begunMs + (answers.length * 1000) / rate
    const waitMs = nextMs - performance.now()
    if (waitMs > 0) await after(waitMs)
    const mark = dueMs.push(nextMs) - 1
    const object = mark % objectCount
    // Writes to the same object share a connection, so that they never run concurrently.
    const connection = load.connections[object] as Connection
    const path = `${load.namespace}/configmaps/watched-${object}`
    answers.push(
      connection.ask({ method: 'PATCH', path, body: patchTo(mark) }).then(
        () => accepted++,
        () => refused++,
      ),
    )
  }
  await Promise.all(answers)
  return accepted
}

async function until(holds: () => boolean, endMs: number): Promise<void> {
  while (!holds() && performance.now() < endMs) await after(pollMs)
}

async function versionOf({ connections: [connection] }: Load, path: string): Promise<string> {
  const answer = await connection?.ask({ method: 'GET', path: `${path}?limit=1` })
  const version = /"resourceVersion":"(\d+)"/.exec(answer?.start ?? '')?.[1]
  if (version === undefined) throw new Error('the list has no resourceVersion')
  return version
}
