import type Docker from 'dockerode'
import { mirrored, parseImage } from '../containers/image-reference.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { refusalOf } from './engine.ts'

/**
 * Pulls an image: from the mirror of Docker Hub if there is one and it has the image, which then bears its plain name,
 * else from where its name says.
 */
export async function pullImage(
  docker: Docker,
  image: string,
  mirror: string | undefined,
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
  await pull(docker, image)
}

/** A mirror may lack an image or be away; what the image's own registry says then counts. */
async function isPulledFrom(docker: Docker, source: string): Promise<boolean> {
  try {
    await pull(docker, source)
    return true
  } catch (error) {
    if (error instanceof RuntimeRefusal) return false
    throw error
  }
}

async function pull(docker: Docker, reference: string): Promise<void> {
  // Docker pulls every tag of a name that has none.
  const { tag } = parseImage(reference)
  const name =
    tag === 'latest' && !reference.endsWith(':latest') ? `${reference}:latest` : reference
  let progress: NodeJS.ReadableStream
  try {
    progress = await docker.pull(name)
  } catch (error) {
    throw refused(error)
  }
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(refused(error)) : resolve()))
  })
}

/** An error of a pull is the registry's, unless the engine itself cannot be reached. */
function refused(error: unknown): unknown {
  const { statusCode, code } = error as { statusCode?: number; code?: string }
  return statusCode === undefined && code !== undefined ? error : refusalOf(error)
}
