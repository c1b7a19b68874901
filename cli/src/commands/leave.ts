import { messageOf } from '@reckon/kubernetes'
import { readMachineFile, removeCluster } from '@reckon/supervisor'
import type { Command } from 'commander'
import { expectJson, openApi } from '../asking/api-client.ts'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { printStep } from '../formatting/output.ts'
import { down } from './down.ts'

/** `reckon leave`: the machine is a node no more. */
export function defineLeave(command: Command): void {
  const advice = `
All that the machine holds is removed, the local volumes of its pods (local-path) with their data, too.

Examples:
  kubectl drain w1 --ignore-daemonsets   before it, where the cluster is
  reckon leave`
  withDataDir(command).addHelpText('after', advice).action(leave)
}

async function leave({ dataDir }: { dataDir: string }): Promise<void> {
  const layout = layoutFor(dataDir)
  const machine = await readMachineFile(layout)
  if (!machine) throw new Error(`this machine has joined no cluster (${layout.dataDir})`)
  const { specs } = await down(dataDir)
  // Its agent is gone: nobody makes the node anew.
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
