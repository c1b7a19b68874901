import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { findComponents } from '@reckon/bootstrap'
import {
  findProcess,
  findSupervisor,
  layoutOf,
  processList,
  readClusterFile,
} from '@reckon/supervisor'
import { cpuMicrosOf, memoryMiBOf } from '../process-usage.ts'

export type ServerProcess = { name: string; pid: number }

/**
 * The processes with the given pids; else those of the Reckon cluster whose data directory contains the kubeconfig;
 * else none.
 */
export async function findServer(
  kubeconfig: string,
  pids: readonly number[],
): Promise<ServerProcess[]> {
  if (pids.length > 0) return pids.map((pid) => ({ name: nameOf(pid), pid }))
  const layout = layoutOf(dirname(kubeconfig))
  const cluster = await readClusterFile(layout)
  if (!cluster) return []
  const found: ServerProcess[] = []
  for (const { name } of processList(layout, cluster, await findComponents())) {
    const running = await findProcess(layout, name)
    if (running) found.push({ name, pid: running.pid })
  }
  const supervisor = await findSupervisor(layout)
  return supervisor === undefined ? found : [...found, { name: 'supervisor', pid: supervisor }]
}

/** Microseconds of CPU that each has used so far. */
export const cpuMicrosOfAll = (server: readonly ServerProcess[]): Record<string, number> =>
  Object.fromEntries(server.map(({ name, pid }) => [name, cpuMicrosOf(pid)]))

export const memoryMiBOfAll = (server: readonly ServerProcess[]): Record<string, number> =>
  Object.fromEntries(server.map(({ name, pid }) => [name, memoryMiBOf(pid)]))

const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
