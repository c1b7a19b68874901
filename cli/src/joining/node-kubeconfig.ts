import { writeLastingFile } from '@reckon/process'
import type { Layout } from '@reckon/supervisor'
import { stringify } from 'yaml'

/** Writes the kubeconfig of a joined machine, with its node's certificate. */
export const writeNodeKubeconfig = (
  layout: Layout,
  server: string,
  node: string,
): Promise<void> => {
  const name = `system:node:${node}`
  const user = {
    'client-certificate': layout.nodeCredentials,
    'client-key': layout.nodeCredentials,
  }
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'reckon',
    clusters: [
      { name: 'reckon', cluster: { server, 'certificate-authority': layout.certificate('ca') } },
    ],
    users: [{ name, user }],
    contexts: [{ name: 'reckon', context: { cluster: 'reckon', user: name } }],
  }
  return writeLastingFile(layout.kubeconfig, stringify(kubeconfig))
}
