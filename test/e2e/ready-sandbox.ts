import { findComponents } from '@reckon/bootstrap'
import { buildImages, loadImages } from '@reckon/examples/images'
import { root } from '../run-tests.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'

/** What the adapters' own tests need, without a registry. */
const loaded = ['busybox:latest', 'reckon/pause:1']

/** A sandbox whose engine has images, and the environment for what runs inside. */
export type ReadySandbox = Sandbox & { env: NodeJS.ProcessEnv }

/**
 * Downloads and builds what sandboxes need, outside of them; returns how one is opened. Promised components must exist.
 */
export async function prepareSandboxes(
  report: (line: string) => void,
): Promise<(name: string) => Promise<ReadySandbox>> {
  const { envoy } = await findComponents()
  if (!envoy) throw new Error('a sandbox needs Envoy: "npm run setup" installs it')
  const images = await buildImages(`${root}.reckon/images`, report)
  const archives = images.filter(({ name }) => loaded.includes(name)).map(({ archive }) => archive)
  return async (name) => {
    const sandbox = await openSandbox(name)
    try {
      await loadImages(archives, sandbox.dockerSocket)
    } catch (error) {
      await sandbox.close()
      throw error
    }
    const env = {
      RECKON_E2E_NAME: sandbox.name,
      RECKON_E2E_FOLDER: sandbox.folder,
      RECKON_E2E_DOCKER: sandbox.dockerSocket,
      RECKON_DOCKER_HOST: sandbox.dockerSocket,
      RECKON_ENVOY: envoy.path,
    }
    return { ...sandbox, env }
  }
}
