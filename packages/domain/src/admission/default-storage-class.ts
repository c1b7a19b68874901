import { isDefaultClass, isOf, persistentVolumeClaims, storageClasses } from '@reckon/kubernetes'
import type { MutatingPlugin } from './admission.ts'
import { newestDefault } from './newest-default.ts'

const oldClass = 'volume.beta.kubernetes.io/storage-class'

/** Gives a claim without a class the default class; an empty name means no class. As upstream's plugin. */
export const defaultStorageClass: MutatingPlugin = {
  name: 'DefaultStorageClass',

  mutate({ object, before }, others) {
    if (before !== undefined || !isOf(persistentVolumeClaims, object)) return object
    const isNamed = object.spec?.storageClassName !== undefined
    if (isNamed || object.metadata.annotations?.[oldClass] !== undefined) return object
    const found = newestDefault(storageClasses, others, isDefaultClass)
    if (found === undefined) return object
    return { ...object, spec: { ...object.spec, storageClassName: found.metadata.name } }
  },
}
