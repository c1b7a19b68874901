import type { Command } from 'commander'
import { withCluster } from '../contexts/which-cluster.ts'
import { outputOption } from '../formatting/output-option.ts'
import { type ApiClient, expectJson } from './api-client.ts'

/** Options of all commands that explain one pod. */
export type AboutPod = { namespace?: string; output?: string; kubeconfig?: string }

export const aboutPod = (command: Command): Command =>
  withCluster(command)
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .addOption(outputOption())

/** Asks the API to explain a pod; `query` asks for more than its decisions. */
export async function askWhy<T>(
  api: ApiClient,
  { namespace, name }: { namespace: string; name: string },
  query: string,
): Promise<T> {
  const pod = `namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`
  return expectJson<T>(await api.ask('GET', `/apis/history.reckon.dev/v1/${pod}/why${query}`))
}
