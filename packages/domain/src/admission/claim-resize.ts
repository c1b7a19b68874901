import {
  compareQuantities,
  forbidden,
  isOf,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  storageClasses,
} from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/** A claim may grow only if its class allows expansion; as upstream's plugin. */
export const claimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',

  admit({ object, before }, others) {
    const isClaim = isOf(persistentVolumeClaims, object)
    if (!isClaim || before === undefined || !isOf(persistentVolumeClaims, before)) return
    const [now, then] = [storageOf(object), storageOf(before)]
    if (now === undefined || then === undefined || compareQuantities(now, then) <= 0) return
    const { storageClassName = '' } = object.spec
    if (others.get(storageClasses, '', storageClassName)?.object.allowVolumeExpansion) return
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'
    throw forbidden(persistentVolumeClaims, object.metadata.name, why)
  },
}

const storageOf = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage
