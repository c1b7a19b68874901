import { isRefusal, type Pod, StatusError, type Volume } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import type { ObjectCache } from '../node/object-cache.ts'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { claimedVolume, claimNameOf } from './claimed-volume.ts'

type Source = { kind: 'configmap' | 'secret'; name: string; isOptional: boolean }

/**
 * Why one of the pod's volumes is not available, in a kubelet's wording; undefined where all are. A pod waits for each
 * of its volumes, even if no container mounts it.
 */
export async function missingVolume(node: NodeContext, pod: Pod): Promise<string | undefined> {
  for (const volume of pod.spec.volumes ?? []) {
    const why =
      missingSource(volume, pod, node.known) ??
      missingClaim(volume, pod, node.known) ??
      (await refusedPath(node, pod, volume))
    if (why !== undefined) return `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`
  }
  return undefined
}

/** The missing source of a volume. */
function missingSource(volume: Volume, pod: Pod, known: ObjectCache): string | undefined {
  const namespace = pod.metadata.namespace ?? ''
  const isMissing = ({ kind, name, isOptional }: Source) =>
    !isOptional &&
    (kind === 'configmap' ? !known.configMap(namespace, name) : !known.hasSecret(namespace, name))
  const missing = sourcesOf(volume).find(isMissing)
  return missing && `${missing.kind} "${missing.name}" not found`
}

/** Why the claim behind a volume has no volume yet. */
function missingClaim(volume: Volume, pod: Pod, known: ObjectCache): string | undefined {
  const name = claimNameOf(volume, pod)
  if (name === undefined) return undefined
  try {
    claimedVolume(name, volume, pod, known)
    return undefined
  } catch (error) {
    if (error instanceof StatusError) return error.message
    throw error
  }
}

function sourcesOf({ configMap, secret, projected }: Volume): readonly Source[] {
  const parts = [{ configMap, secret: secret && { ...secret, name: secret.secretName } }]
  return [...parts, ...(projected?.sources ?? [])].flatMap((part): Source[] => [
    ...(part.configMap ? [sourceOf('configmap', part.configMap)] : []),
    ...(part.secret ? [sourceOf('secret', part.secret)] : []),
  ])
}

const sourceOf = (
  kind: Source['kind'],
  { name = '', optional = false }: { name?: string | undefined; optional?: boolean | undefined },
): Source => ({ kind, name, isOptional: optional })

/** Why a path of the machine is not as the pod requires. */
async function refusedPath(
  { ports }: NodeContext,
  pod: Pod,
  { name, hostPath }: Volume,
): Promise<string | undefined> {
  if (hostPath === undefined) return undefined
  const { path, type: check = '' } = hostPath
  try {
    await ports.disk.place(pod.metadata.uid ?? '', { type: 'HostPath', volume: name, path, check })
    return undefined
  } catch (error) {
    if (
      error instanceof RuntimeRefusal ||
      isRefusal(error, 'Invalid') ||
      isRefusal(error, 'NotFound')
    ) {
      return error.message
    }
    throw error
  }
}
