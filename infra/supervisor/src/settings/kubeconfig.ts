import { readFile, writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import type { Layout } from '../layout.ts'

/** Writes the administrator's kubeconfig: self-contained, and readable by its owner only. */
export async function writeKubeconfig(layout: Layout, apiPort: number): Promise<void> {
  const data = async (path: string) => (await readFile(path)).toString('base64')
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'reckon',
    clusters: [
      {
        name: 'reckon',
        cluster: {
          server: `https://127.0.0.1:${apiPort}`,
          'certificate-authority-data': await data(layout.certificate('ca')),
        },
      },
    ],
    users: [
      {
        name: 'reckon-admin',
        user: {
          'client-certificate-data': await data(layout.certificate('admin')),
          'client-key-data': await data(layout.key('admin')),
        },
      },
    ],
    contexts: [{ name: 'reckon', context: { cluster: 'reckon', user: 'reckon-admin' } }],
  }
  await writeFile(layout.kubeconfig, stringify(kubeconfig), { mode: 0o600 })
}
