import type { Container, Pod } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import type { Notice } from '../pods/pod-notes.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { imageProblem, pullPolicyOf } from './image-reference.ts'
import { pullCredentials } from './pull-credentials.ts'
import type { StartFailure } from './start-failure.ts'

type Wanted = { pod: Pod; container: Container; notice: Notice; onImageFound(): void }

/**
 * Ensures that the container's image is on the machine, by its pull policy. Undefined on success, or where `ended` has
 * aborted.
 */
export async function ensureImage(
  node: NodeContext,
  { pod, container, notice, onImageFound }: Wanted,
  ended: AbortSignal,
): Promise<StartFailure | undefined> {
  const { runtime } = node.ports
  const failed = (reason: string, message: string): StartFailure => {
    notice('Warning', 'Failed', `Error: ${reason}`)
    return { reason, message }
  }
  const image = container.image ?? ''
  node.images.use(image)
  const problem = imageProblem(image)
  if (problem !== undefined) {
    const message = `Failed to apply default image tag "${image}": ${problem}`
    notice('Warning', 'InspectFailed', message)
    return failed('InvalidImageName', message)
  }
  const policy = pullPolicyOf(container)
  if (policy !== 'Always' && (await runtime.hasImage(image))) {
    onImageFound()
    return undefined
  }
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`
    notice('Warning', 'ErrImageNeverPull', message)
    return failed('ErrImageNeverPull', message)
  }
  return pulled(node, { pod, image, notice }, ended)
}

async function pulled(
  { ports: { clock, runtime }, known, images }: NodeContext,
  { pod, image, notice }: { pod: Pod; image: string; notice: Notice },
  ended: AbortSignal,
): Promise<StartFailure | undefined> {
  // The pull continues for others who need the image; only this pod stops waiting.
  const given = Promise.withResolvers<void>()
  const giveUp = () => given.resolve()
  ended.addEventListener('abort', giveUp)
  const beganMs = clock.now()
  try {
    notice('Normal', 'Pulling', `Pulling image "${image}"`)
    const credentials = pullCredentials(pod, image, known.secret)
    await Promise.race([runtime.pullImage(image, credentials), given.promise])
    // The pull may have taken longer than unused images are kept.
    images.use(image)
    const seconds = ((clock.now() - beganMs) / 1000).toFixed(1)
    if (!ended.aborted)
      notice('Normal', 'Pulled', `Successfully pulled image "${image}" in ${seconds}s`)
    return undefined
  } catch (error) {
    if (!(error instanceof RuntimeRefusal)) throw error
    // Not noted here: the log derives the event from the status, which repeats it at each attempt.
    return { reason: 'ErrImagePull', message: error.message }
  } finally {
    ended.removeEventListener('abort', giveUp)
  }
}
