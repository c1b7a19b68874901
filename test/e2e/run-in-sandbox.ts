import { findComponents } from '@reckon/bootstrap'
import { buildImages, loadImages } from '@reckon/examples/images'
import { type Counts, root, runTests } from '../run-tests.ts'
import { openSandbox } from './sandbox.ts'

/** What the adapters' own tests run, without a registry. */
const loaded = ['busybox:latest', 'reckon/pause:1']

/**
 * Runs end-to-end tests inside a sandbox, which is gone afterwards however they end. Downloads happen before, outside. A
 * component that the tests promise to use must be there.
 */
export async function runInSandbox(
  patterns: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Counts> {
  const { envoy } = await findComponents()
  if (!envoy) throw new Error('the end-to-end tests need Envoy: "npm run setup" installs it')
  const images = await buildImages(`${root}.reckon/images`, console.log)
  const sandbox = await openSandbox()
  const close = () => void sandbox.close().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, close)
  try {
    const archives = images.filter(({ name }) => loaded.includes(name))
    await loadImages(
      archives.map(({ archive }) => archive),
      sandbox.dockerSocket,
    )
    const inside = {
      RECKON_E2E_FOLDER: sandbox.folder,
      RECKON_E2E_DOCKER: sandbox.dockerSocket,
      RECKON_DOCKER_HOST: sandbox.dockerSocket,
      RECKON_ENVOY: envoy.path,
    }
    return await runTests(patterns, {
      enter: sandbox.enter,
      env: { ...env, ...inside },
      concurrency: 1,
    })
  } finally {
    await sandbox.close()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, close)
  }
}
