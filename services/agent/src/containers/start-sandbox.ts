import { attempt } from '@reckon/eventing/bus'
import { isRefusal, objectKey, type Pod } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { noRange } from '../node/node-object.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { missingVolume } from '../volumes/missing-volume.ts'
import { identityOf, sandboxSpec } from './sandbox-spec.ts'
import type { StartFailure } from './start-failure.ts'

/** Starts the sandbox, which holds the pod's network. Undefined on success. */
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
  const missing = await missingVolume(node, pod)
  if (missing !== undefined) return { reason: 'FailedMount', message: missing }
  try {
    if (!(await ports.runtime.hasImage(image))) await ports.runtime.pullImage(image)
    const spec = attempt(objectKey(identityOf(pod)), () =>
      sandboxSpec(pod, { attempt: number, image, ip, domain: network.settings.domain }),
    )
    await node.startGate(() => ports.runtime.startSandbox(spec), 'Begins')
    return undefined
  } catch (error) {
    if (error instanceof RuntimeRefusal || isRefusal(error, 'Invalid')) return failed(error.message)
    throw error
  }
}

const failed = (message: string): StartFailure => ({ reason: 'FailedCreatePodSandBox', message })
