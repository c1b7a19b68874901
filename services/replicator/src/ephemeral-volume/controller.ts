import {
  controllerOf,
  isOf,
  namesOf,
  objectKey,
  type Pod,
  persistentVolumeClaims,
  pods,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { plan } from './plan.ts'

const hasOwn = ({ spec }: Pod): boolean => spec.volumes?.some(({ ephemeral }) => ephemeral) === true

/** Creates the claims of generic ephemeral volumes; they are garbage collected with their pods. */
export const ephemeralVolumeController: Controller = {
  name: 'ephemeral-volume-controller',

  keysOf({ type, stored: { object } }) {
    if (isOf(pods, object)) {
      return type === 'ADDED' && hasOwn(object) ? [objectKey(object.metadata)] : []
    }
    const owner = isOf(persistentVolumeClaims, object) ? controllerOf(object) : undefined
    const { namespace } = object.metadata
    const isLost = type === 'DELETED' && owner?.kind === pods.kind
    return isLost ? [objectKey({ namespace, name: owner.name })] : []
  },

  allKeys: (objects) =>
    objects
      .list(pods)
      .flatMap(({ object }) => (hasOwn(object) ? [objectKey(object.metadata)] : [])),

  async reconcile(key, { objects, writerFor }) {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(pods, namespace, name)
    if (stored === undefined) return undefined
    const find = (claim: string) => objects.get(persistentVolumeClaims, namespace, claim)?.object
    const steps = planFor(stored.object, () => plan(stored.object, find))
    const writer = writerFor(stored)
    await eachStep(steps, (step) =>
      step.type === 'CreateClaim'
        ? writer.create(step.claim)
        : writer.note(stored.object, step.note),
    )
    return undefined
  },
}
