import type Docker from 'dockerode'
import { mirrored, parseImage } from '../../containers/image-reference.ts'
import { type RegistryCredentials, RuntimeRefusal } from '../../runtime/runtime.ts'
import { refusalOf } from '../engine.ts'

/** The mirror, if any, and the credentials for a pull. */
type Source = { mirror: string | undefined; credentials: readonly RegistryCredentials[] }

/**
 * Pulls an image: from Docker Hub's mirror if there is one that has it, and then gives it its plain name; otherwise
 * from the registry in its name.
 */
export async function pullImage(
  docker: Docker,
  image: string,
  { mirror, credentials }: Source,
): Promise<void> {
  const source = mirror === undefined ? undefined : mirrored(image, mirror)
  if (source !== undefined && (await isPulledFrom(docker, source))) {
    const { host, path, tag, digest } = parseImage(image)
    // An image pulled by digest has that name already.
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

/** Whether the mirror delivered the image. If it lacks it or is away, the image's own registry decides. */
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
  // Without a tag Docker would pull all tags.
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

/** The error of a pull is the registry's, unless the engine itself is unreachable. */
function refused(error: unknown): unknown {
  const { statusCode, code } = error as { statusCode?: number; code?: string }
  return statusCode === undefined && code !== undefined ? error : refusalOf(error)
}
