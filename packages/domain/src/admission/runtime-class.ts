import { forbidden, isOf, pods, runtimeClasses } from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/** Refuses pods with a RuntimeClass that does not exist. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit({ object, before }, others) {
    if (before !== undefined || !isOf(pods, object)) return
    const { runtimeClassName } = object.spec
    if (!runtimeClassName || others.get(runtimeClasses, '', runtimeClassName)) return
    const why = `pod rejected: RuntimeClass "${runtimeClassName}" not found`
    throw forbidden(pods, object.metadata.name, why)
  },
}
