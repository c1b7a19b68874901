import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildGo } from './build-go.ts'
import { root } from './run-tests.ts'

const version = '0.33.13'
const folder = join(root, '.reckon/peer')

/**
 * A program with an informer of client-go (`test/client-go/informer.go`), where it has been built: `node
 * test/client-go.ts` builds it with Go, in some minutes.
 */
export const informerPath = join(folder, `client-go-informer-${version}`)

export const isClientGoBuilt = (): boolean => existsSync(informerPath)

if (process.argv[1] === fileURLToPath(import.meta.url) && !isClientGoBuilt()) {
  const own = join(folder, 'client-go')
  await mkdir(own, { recursive: true })
  await copyFile(join(import.meta.dirname, 'client-go/informer.go'), join(own, 'informer.go'))
  await buildGo(own, {
    ...{ module: 'k8s.io/client-go', version, main: '.' },
    ...{ output: informerPath, linkerFlags: '-s -w' },
  })
}
