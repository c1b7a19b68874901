import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'

/** How a user gets to a kubeconfig that works. */
export const remedy =
  '"export KUBECONFIG=$(npx reckon kubeconfig --path)" takes the one of this machine\'s cluster'

/** The kubeconfig given, else what KUBECONFIG names, else ~/.kube/config; throws naming the file that is not one. */
export function loadKubeconfig(file?: string): KubeConfig {
  const config = new KubeConfig()
  const named = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== '') ?? []
  const files = file ? [file] : named.length > 0 ? named : [join(homedir(), '.kube', 'config')]
  const found = files.filter((path) => existsSync(path))
  if (found.length === 0) throw new Error(`there is no kubeconfig at ${files.join()}; ${remedy}`)
  try {
    const [first = '', ...others] = found
    config.loadFromFile(first)
    for (const path of others) {
      const other = new KubeConfig()
      other.loadFromFile(path)
      config.mergeConfig(other, Boolean(config.currentContext))
    }
  } catch (error) {
    const because = error instanceof Error ? error.message : error
    throw new Error(`${found.join()} is no kubeconfig: ${because}`, { cause: error })
  }
  return config
}
