import { attempt } from '@reckon/eventing/bus'
import { objectKey, type Pod } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { noRange } from '../node/node-object.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { identityOf, sandboxSpec } from './sandbox-spec.ts'
import type { StartFailure } from './start-container.ts'

/** Starts what holds the pod's network. Undefined when it was started. */
export async function startSandbox(
  node: NodeContext,
  pod: Pod,
  number: number,
): Promise<StartFailure | undefined> {
  const { ports, configuration, addresses, network } = node
  const image = configuration.pauseImage
  const isHost = pod.spec.hostNetwork === true
  const { podCidr } = network
  if (podCidr === undefined && !isHost) return failed(noRange(configuration.nodeName))
  const ip = podCidr && !isHost ? addresses.allot(identityOf(pod).uid, podCidr) : undefined
  if (ip === undefined && !isHost) return failed(`no address is free in ${podCidr}`)
  try {
    if (!(await ports.runtime.hasImage(image))) await ports.runtime.pullImage(image)
    const spec = attempt(objectKey(identityOf(pod)), () =>
      sandboxSpec(pod, { attempt: number, image, ip }),
    )
    await node.startGate(() => ports.runtime.startSandbox(spec))
    return undefined
  } catch (error) {
    if (!(error instanceof RuntimeRefusal)) throw error
    return failed(error.message)
  }
}

const failed = (message: string): StartFailure => ({ reason: 'FailedCreatePodSandBox', message })
