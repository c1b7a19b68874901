import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@reckon/kubernetes'
import { hasCode } from '@reckon/process/error-code'
import { readMachineFile, removeCluster } from '@reckon/supervisor'
import type { Command } from 'commander'
import { expectJson, openApi } from '../asking/api-client.ts'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { printStep } from '../formatting/output.ts'
import { down } from './down.ts'

/** `reckon leave`: the machine stops being a node. */
export function defineLeave(command: Command): void {
  const advice = `
All that the machine holds is removed; the local volumes of its pods (local-path) with their data only if that is asked for.

Examples:
  kubectl drain w1 --ignore-daemonsets   before it, where the cluster is
  reckon leave
  reckon leave --with-volumes`
  withDataDir(command)
    .option('--with-volumes', 'the data of local volumes is removed, too')
    .addHelpText('after', advice)
    .action(leave)
}

async function leave({ dataDir, withVolumes }: { dataDir: string; withVolumes?: boolean }) {
  const layout = layoutFor(dataDir)
  const machine = await readMachineFile(layout)
  if (!machine) throw new Error(`this machine has joined no cluster (${layout.dataDir})`)
  if (!withVolumes)
    await refuseWithVolumes(join(layout.processData(`agent-${machine.node}`), 'volumes'))
  const { specs } = await down(dataDir)
  // Its agent has ended, so nobody creates the Node again.
  try {
    const api = await openApi(layout.kubeconfig)
    expectJson(await api.ask('DELETE', `/api/v1/nodes/${machine.node}`))
    printStep('reckon', `the node ${machine.node} is gone from the cluster`)
  } catch (error) {
    printStep('reckon', `the cluster could not be told: ${messageOf(error)}`)
    printStep('reckon', `there, "kubectl delete node ${machine.node}" ends the node`)
  }
  await removeCluster(layout, specs)
  printStep('reckon', `removed ${layout.dataDir}`)
}

/** What pods have written there exists nowhere else. */
async function refuseWithVolumes(folder: string): Promise<void> {
  const volumes = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  if (volumes.length === 0) return
  const what = `${folder} has local volumes of pods: ${volumes.join(', ')}`
  throw new Error(`${what}; "reckon leave --with-volumes" removes them with their data, too`)
}
