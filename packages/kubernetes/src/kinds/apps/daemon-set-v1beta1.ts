import type { DaemonSet, KubernetesObject } from '../../object.ts'
import type { Conversion } from '../../resource.ts'
import { onDeleteByDefault } from './old-versions.ts'

/** The annotation in which upstream stores a field that apps/v1 no longer has. */
const generationAnnotation = 'deprecated.daemonset.template.generation'

type V1beta1DaemonSet = KubernetesObject & {
  spec?: Partial<DaemonSet['spec']> & { templateGeneration?: number }
}

/** DaemonSet of extensions/v1beta1. */
export const daemonSetV1beta1: Conversion = {
  toHub(object: V1beta1DaemonSet) {
    const { templateGeneration } = object.spec ?? {}
    if (templateGeneration !== undefined) {
      const { annotations } = object.metadata
      object.metadata.annotations = {
        ...annotations,
        [generationAnnotation]: String(templateGeneration),
      }
      delete object.spec?.templateGeneration
    }
    return onDeleteByDefault.toHub(object)
  },

  fromHub(object: V1beta1DaemonSet) {
    const { [generationAnnotation]: generation, ...annotations } = object.metadata.annotations ?? {}
    if (generation === undefined) return object
    const spec = { ...object.spec, templateGeneration: Number(generation) }
    return { ...object, metadata: { ...object.metadata, annotations }, spec }
  },
}
