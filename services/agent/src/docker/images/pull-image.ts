import type Docker from 'dockerode'
import { mirrored, parseImage } from '../../containers/image-reference.ts'
import { type RegistryCredentials, RuntimeRefusal } from '../../runtime/runtime.ts'
import { refusalOf } from '../engine.ts'

/** The registries that are asked for an image, and what they are shown. */
type Source = { mirror: string | undefined; credentials: readonly RegistryCredentials[] }

/**
 * Pulls an image: from the mirror of Docker Hub if there is one and it has the image, which then bears its plain name,
 * else from where its name says.
 */
export async function pullImage(
  docker: Docker,
  image: string,
  { mirror, credentials }: Source,
): Promise<void> {
  const source = mirror === undefined ? undefined : mirrored(image, mirror)
  if (source !== undefined && (await isPulledFrom(docker, source))) {
    const { host, path, tag, digest } = parseImage(image)
    // An image pulled by its digest bears that name already wherever it came from.
    if (digest !== undefined) return
    const repo = host === undefined ? path : `${host}/${path}`
    await docker.getImage(source).tag({ repo, tag: tag ?? 'latest' })
    return
  }
  for (const each of credentials) {
    if (await isPulledFrom(docker, image, each)) return
  }
  await pull(docker, image)
}

/** A mirror may lack an image or be away; what the image's own registry says then counts. */
async function isPulledFrom(
  docker: Docker,
  source: string,
  credentials?: RegistryCredentials,
): Promise<boolean> {
  try {
    await pull(docker, source, credentials)
    return true
  } catch (error) {
    if (error instanceof RuntimeRefusal) return false
    throw error
  }
}

async function pull(
  docker: Docker,
  reference: string,
  credentials?: RegistryCredentials,
): Promise<void> {
  // Docker pulls every tag of a name that has none.
  const { tag } = parseImage(reference)
  const name =
    tag === 'latest' && !reference.endsWith(':latest') ? `${reference}:latest` : reference
  let progress: NodeJS.ReadableStream
  try {
    progress = await docker.pull(name, credentials ? { authconfig: authOf(credentials) } : {})
  } catch (error) {
    throw refused(error)
  }
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(refused(error)) : resolve()))
  })
}

const authOf = ({ username, password, registry }: RegistryCredentials) => ({
  username,
  password,
  serveraddress: registry,
})

/** An error of a pull is the registry's, unless the engine itself cannot be reached. */
function refused(error: unknown): unknown {
  const { statusCode, code } = error as { statusCode?: number; code?: string }
  return statusCode === undefined && code !== undefined ? error : refusalOf(error)
}
