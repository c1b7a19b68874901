import type { Command } from 'commander'
import { withCluster } from '../contexts/which-cluster.ts'
import { outputOption } from '../formatting/output-option.ts'
import { expectJson, openApi } from './api-client.ts'
import { historyPathOf } from './object-name.ts'

export type AboutObject = {
  namespace?: string
  all?: boolean
  output?: string
  kubeconfig?: string
}

/** Options of all commands about one object's history. */
export const aboutObject = (command: Command): Command =>
  withCluster(command)
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .option('--all', 'status, and what servers and clients note for themselves, too')
    .addOption(outputOption())

/** Asks the history API about the object that a text names. */
export async function askHistory<T>(
  text: string,
  view: 'history' | 'blame',
  { namespace, all, kubeconfig }: AboutObject,
): Promise<T> {
  const api = await openApi(kubeconfig)
  const path = historyPathOf(text, namespace ?? api.namespace)
  return expectJson<T>(await api.ask('GET', `${path}/${view}${all ? '?all=true' : ''}`))
}
