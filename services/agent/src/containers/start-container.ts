import { attempt } from '@reckon/eventing/bus'
import { type Container, isRefusal, objectKey, type Pod, StatusError } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { type CheckTarget, checkContainer } from '../pods/check-container.ts'
import { RuntimeRefusal, type SeenContainer } from '../runtime/runtime.ts'
import { mountsOf } from '../volumes/pod-mounts.ts'
import { containerSpec } from './container-spec.ts'
import { environmentOf } from './environment.ts'
import { pullPolicyOf } from './image-reference.ts'
import { identityOf } from './sandbox-spec.ts'

const postStartMsMax = 30 * 60_000
const postStartGraceSeconds = 30

/** Why a container could not be started, in Kubernetes' words. */
export type StartFailure = { reason: string; message: string }

/**
 * Starts one attempt of a container: its image, its files, its environment, and the container itself. Undefined
 * when it was started or when `ended` aborted before.
 */
export async function startContainer(
  node: NodeContext,
  start: { pod: Pod; container: Container; attempt: number; sandbox: SeenContainer },
  ended: AbortSignal,
): Promise<StartFailure | undefined> {
  const { pod, container, sandbox, attempt: number } = start
  const key = objectKey(identityOf(pod))
  const failure = await ensureImage(node, container, ended)
  if (failure !== undefined || ended.aborted) return failure
  try {
    const addresses = addressesOf(node, pod, sandbox)
    const env = attempt(key, () =>
      environmentOf(pod, container, {
        services: node.known.services(),
        configMap: node.known.configMap,
        secret: node.known.secret,
        addresses,
        allocatable: allocatableOf(node),
      }),
    )
    await node.tokens.arrived(pod, ended)
    const mounts = await mountsOf(node, {
      pod,
      container,
      podIP: addresses.podIP,
      env,
    })
    const made = { attempt: number, sandboxId: sandbox.id, env, mounts }
    const spec = attempt(key, () => containerSpec(pod, container, made))
    const id = await node.startGate(async () =>
      ended.aborted ? undefined : node.ports.runtime.startContainer(spec),
    )
    if (id !== undefined) await afterStart(node, { id, container, host: addresses.podIP ?? '' })
    return undefined
  } catch (error) {
    if (error instanceof RuntimeRefusal)
      return { reason: 'CreateContainerError', message: error.message }
    if (!isRefusal(error, 'NotFound') && !isRefusal(error, 'Invalid')) throw error
    return { reason: 'CreateContainerConfigError', message: error.message }
  }
}

/** A container whose postStart fails is ended again; what becomes of it then is for its pod to say. */
async function afterStart(node: NodeContext, target: CheckTarget): Promise<void> {
  const hook = target.container.lifecycle?.postStart
  if (hook === undefined) return
  const why = await checkContainer(node.ports, hook, target, postStartMsMax)
  if (why !== undefined) await node.ports.runtime.stop(target.id, postStartGraceSeconds)
}

async function ensureImage(
  { ports: { runtime } }: NodeContext,
  container: Container,
  ended: AbortSignal,
): Promise<StartFailure | undefined> {
  const image = container.image ?? ''
  const policy = pullPolicyOf(container)
  if (policy !== 'Always' && (await runtime.hasImage(image))) return undefined
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`
    return { reason: 'ErrImageNeverPull', message }
  }
  // A pull goes on for others who want the image; only this pod no longer waits for it.
  const given = Promise.withResolvers<void>()
  const giveUp = () => given.resolve()
  ended.addEventListener('abort', giveUp)
  try {
    await Promise.race([runtime.pullImage(image), given.promise])
    return undefined
  } catch (error) {
    if (!(error instanceof RuntimeRefusal)) throw error
    return { reason: 'ErrImagePull', message: error.message }
  } finally {
    ended.removeEventListener('abort', giveUp)
  }
}

function addressesOf(node: NodeContext, pod: Pod, sandbox: SeenContainer) {
  const { nodeIP } = node.network
  const podIP = pod.spec.hostNetwork === true ? nodeIP : sandbox.ip
  return { hostIP: nodeIP, ...(podIP === undefined ? {} : { podIP }) }
}

function allocatableOf(node: NodeContext): { cpu: string; memory: string } {
  const allocatable = node.known.node(node.configuration.nodeName)?.status?.allocatable
  if (allocatable?.cpu === undefined || allocatable.memory === undefined) {
    throw new StatusError('NotFound', 'the node does not know its own size yet')
  }
  return { cpu: `${allocatable.cpu}`, memory: `${allocatable.memory}` }
}
