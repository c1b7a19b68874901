import {
  controllerOf,
  ephemeralClaimName,
  isFinished,
  isTerminating,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
} from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import type { ControllerNote } from '../writer.ts'

export type Step =
  | { type: 'CreateClaim'; claim: PersistentVolumeClaim }
  | { type: 'Tell'; note: ControllerNote }

/** Each running pod gets a claim for each of its generic ephemeral volumes. Pure. */
export function plan(
  pod: Pod,
  find: (name: string) => PersistentVolumeClaim | undefined,
): readonly Step[] {
  if (isTerminating(pod) || isFinished(pod.status)) return []
  const { namespace = '', uid } = pod.metadata
  return (pod.spec.volumes ?? []).flatMap(({ name: volume, ephemeral }): Step[] => {
    const template = ephemeral?.volumeClaimTemplate
    if (template === undefined) return []
    const name = ephemeralClaimName(pod.metadata.name, volume)
    const claim = find(name)
    if (claim === undefined) return [{ type: 'CreateClaim', claim: claimOf(name, pod, template) }]
    if (controllerOf(claim)?.uid === uid) return []
    const message = `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`
    return [{ type: 'Tell', note: { type: 'Warning', reason: 'EphemeralVolumeConflict', message } }]
  })
}

type Template = {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PersistentVolumeClaim['spec']
}

function claimOf(name: string, pod: Pod, { metadata = {}, spec }: Template): PersistentVolumeClaim {
  const { labels, annotations } = metadata
  return {
    apiVersion: 'v1',
    kind: persistentVolumeClaims.kind,
    metadata: {
      name,
      namespace: pod.metadata.namespace ?? '',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ownerReferences: [controllerReferenceTo(pod)],
    },
    spec,
  }
}
