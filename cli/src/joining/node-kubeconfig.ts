import { writeLastingFile } from '@reckon/process'
import type { Layout } from '@reckon/supervisor'
import { stringify } from 'yaml'

/** Writes how the API is reached: by a token while the machine joins, by the node's certificate from then on. */
export const writeNodeKubeconfig = (
  layout: Layout,
  server: string,
  user: { token: string } | { node: string },
): Promise<void> => {
  const name = 'node' in user ? `system:node:${user.node}` : 'bootstrapper'
  const files = {
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
    users: [{ name, user: 'token' in user ? user : files }],
    contexts: [{ name: 'reckon', context: { cluster: 'reckon', user: name } }],
  }
  return writeLastingFile(layout.kubeconfig, stringify(kubeconfig))
}
