import { attempt } from '@reckon/eventing/bus'
import {
  type Container,
  graceSecondsOf,
  isRefusal,
  memoryBytes,
  objectKey,
  type Pod,
  StatusError,
} from '@reckon/kubernetes'
import { allocatableOf } from '../node/allocatable.ts'
import type { NodeContext } from '../node/node-context.ts'
import { type CheckTarget, runHook } from '../pods/check-container.ts'
import type { Notice } from '../pods/pod-notes.ts'
import { RuntimeRefusal, type SeenContainer } from '../runtime/runtime.ts'
import { mountsOf } from '../volumes/pod-mounts.ts'
import { containerSpec } from './container-spec.ts'
import { ensureImage } from './ensure-image.ts'
import { environmentOf } from './environment.ts'
import { oomScoreOf } from './oom-score.ts'
import { identityOf } from './sandbox-spec.ts'
import { isBarredFromRoot, rootProblem } from './security.ts'
import type { StartFailure } from './start-failure.ts'

const postStartMsMax = 30 * 60_000

type Start = {
  pod: Pod
  container: Container
  attempt: number
  sandbox: SeenContainer
  /** The id of the container whose processes an ephemeral one shares. */
  target: string | undefined
  notice: Notice
  /** Called where the image is on the machine already. */
  onImageFound(): void
}

/**
 * Starts one attempt of a container: its image, its files, its environment, and the container itself. Undefined once
 * there is a container, even if it ended at once, or where `ended` has aborted.
 */
export async function startContainer(
  node: NodeContext,
  start: Start,
  ended: AbortSignal,
): Promise<StartFailure | undefined> {
  const { pod, container, sandbox, attempt: number, notice } = start
  const key = objectKey(identityOf(pod))
  const failure = await ensureImage(node, start, ended)
  if (failure !== undefined || ended.aborted) return failure
  try {
    const addresses = addressesOf(node, pod, sandbox)
    const allocatable = allocatableOf(node)
    const env = attempt(key, () =>
      environmentOf(pod, container, {
        services: node.known.services(),
        configMap: node.known.configMap,
        secret: node.known.secret,
        addresses,
        allocatable,
      }),
    )
    const problem = rootProblem(pod, container, await imageUserOf(node, pod, container))
    if (problem !== undefined) throw new StatusError('Invalid', problem)
    await node.tokens.arrived(pod, ended)
    const mounts = await mountsOf(node, {
      pod,
      container,
      attempt: number,
      podIP: addresses.podIP,
      env,
    })
    const made = { attempt: number, sandboxId: sandbox.id, env, mounts, target: start.target }
    const spec = attempt(key, () => {
      const oomScore = oomScoreOf(pod, container, memoryBytes(allocatable.memory))
      return containerSpec(pod, container, { ...made, oomScore })
    })
    const started = await node.startGate(
      async () => (ended.aborted ? undefined : node.ports.runtime.startContainer(spec)),
      'GoesOn',
    )
    if (started?.startError !== undefined) {
      const why = `failed to start container "${container.name}": ${started.startError}`
      notice('Warning', 'Failed', `Error: ${why}`)
    } else if (started !== undefined) {
      const target = { id: started.id, container, host: addresses.podIP ?? '' }
      await afterStart(node, target, start, ended)
    }
    return undefined
  } catch (error) {
    const isConfig = isRefusal(error, 'NotFound') || isRefusal(error, 'Invalid')
    if (!isConfig && !(error instanceof RuntimeRefusal)) throw error
    notice('Warning', 'Failed', `Error: ${error.message}`)
    const reason = isConfig ? 'CreateContainerConfigError' : 'CreateContainerError'
    return { reason, message: error.message }
  }
}

/** Runs the postStart hook. If it fails, the container is stopped; restarting is left to the pod. */
async function afterStart(
  node: NodeContext,
  target: CheckTarget,
  { pod, notice }: Start,
  ended: AbortSignal,
): Promise<void> {
  const hook = target.container.lifecycle?.postStart
  if (hook === undefined) return
  const { clock, runtime } = node.ports
  if (hook.sleep) return clock.sleep(hook.sleep.seconds * 1_000, ended)
  const why = await runHook(node.ports, hook, target, postStartMsMax)
  if (why === undefined) return
  notice('Warning', 'FailedPostStartHook', `PostStartHook failed: ${why}`)
  notice('Normal', 'Killing', 'FailedPostStartHook')
  await runtime.stop(target.id, graceSecondsOf(pod))
}

/** The image's user, requested only where it matters. */
async function imageUserOf({ ports }: NodeContext, pod: Pod, container: Container) {
  return isBarredFromRoot(pod, container) ? ports.runtime.imageUser(container.image ?? '') : ''
}

function addressesOf(node: NodeContext, pod: Pod, sandbox: SeenContainer) {
  const { nodeIP } = node.network
  const podIP = pod.spec.hostNetwork === true ? nodeIP : sandbox.ip
  return { hostIP: nodeIP, ...(podIP === undefined ? {} : { podIP }) }
}
