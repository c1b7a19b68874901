import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Layout } from './layout.ts'
import { endingPollMs, findProcess, kernelStartOf } from './processes/running-process.ts'

const supervisor = 'supervisor'

/** The pid of the supervisor of this data directory, if one runs. */
export async function findSupervisor(layout: Layout): Promise<number | undefined> {
  return (await findProcess(layout, supervisor))?.pid
}

/** The refusal of a second supervisor. */
export const alreadyUp = (pid: number): Error =>
  new Error(
    `this cluster is up already, under process ${pid}; "reckon status" shows it, "reckon down" ends it`,
  )

/** Makes this process the only supervisor of the data directory; returns a function that ends this. */
export async function becomeSupervisor(layout: Layout): Promise<() => Promise<void>> {
  const other = await findSupervisor(layout)
  if (other !== undefined && other !== process.pid) {
    throw alreadyUp(other)
  }
  const mine = JSON.stringify({ pid: process.pid, started: kernelStartOf(process.pid) })
  await mkdir(dirname(layout.supervisorPid), { recursive: true, mode: 0o700 })
  await writeFile(layout.supervisorPid, mine)
  return async () => {
    const current = await readFile(layout.supervisorPid, 'utf8').catch(() => undefined)
    if (current === mine) await rm(layout.supervisorPid, { force: true })
  }
}

/** Asks the running supervisor to end the cluster, and waits until it has. False if there is none. */
export async function endSupervisor(layout: Layout): Promise<boolean> {
  const running = await findProcess(layout, supervisor)
  if (!running) return false
  process.kill(running.pid, 'SIGTERM')
  await running.ended(endingPollMs)
  return true
}
