import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildGo } from './build-go.ts'
import { root } from './run-tests.ts'

const version = '3.19.5'
const folder = join(root, '.reckon/peer')

/** The real Helm, where it is built already: `node test/helm.ts` builds it, by Go, in some minutes. */
export const helmPath = join(folder, `helm-${version}`)

export const isHelmBuilt = (): boolean => existsSync(helmPath)

if (process.argv[1] === fileURLToPath(import.meta.url) && !isHelmBuilt()) {
  await buildGo(join(folder, 'helm'), {
    ...{ module: 'helm.sh/helm/v3', version, main: 'helm.sh/helm/v3/cmd/helm' },
    ...{ output: helmPath, linkerFlags: '-s -w' },
  })
}
