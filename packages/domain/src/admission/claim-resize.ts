import {
  compareQuantities,
  forbidden,
  isOf,
  type KubernetesObject,
  persistentVolumeClaims,
  storageClasses,
} from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/** A claim may grow only if its class allows expansion; as upstream's plugin. */
export const claimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',

  admit({ object, before }, others) {
    if (!isOf(persistentVolumeClaims, object) || before === undefined) return
    if (compareQuantities(storageOf(object), storageOf(before)) <= 0) return
    const { storageClassName = '' } = object.spec
    if (others.get(storageClasses, '', storageClassName)?.object.allowVolumeExpansion) return
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'
    throw forbidden(persistentVolumeClaims, object.metadata.name, why)
  },
}

/** What a claim asks for. */
const storageOf = (object: KubernetesObject): string =>
  (isOf(persistentVolumeClaims, object) && object.spec.resources?.requests?.storage) || '0'
