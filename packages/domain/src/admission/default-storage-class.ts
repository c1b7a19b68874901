import { isDefaultClass, isOf, persistentVolumeClaims, storageClasses } from '@reckon/kubernetes'
import type { MutatingPlugin } from './admission.ts'
import { newestDefault } from './newest-default.ts'

const oldClass = 'volume.beta.kubernetes.io/storage-class'

/**
 * A claim that names no class gets the one that is everybody's default; the empty name is none. As upstream's plugin.
 */
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
