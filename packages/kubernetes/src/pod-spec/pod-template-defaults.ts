import type { KubernetesObject, LabelSelector, PodTemplateSpec } from '../object.ts'
import { setPodSpecDefaults } from './pod-spec-defaults.ts'

type Templated = KubernetesObject & {
  spec?: { selector?: LabelSelector; template?: PodTemplateSpec }
}

/** Fills in the defaults of a pod template and of the spec around it; modifies the object. */
export function setTemplateDefaults(object: Templated): void {
  object.spec ??= {}
  const { template } = object.spec
  if (template) template.metadata ??= {}
  if (template?.spec) setPodSpecDefaults(template.spec)
}

/** Before apps/v1, an absent selector, and absent labels, were those of the template; changes the object. */
export function withSelectorFromTemplate<T extends Templated>(object: T): T {
  const { spec } = object
  const labels = spec?.template?.metadata?.labels
  if (!spec || !labels) return object
  spec.selector ??= { matchLabels: { ...labels } }
  if (!Object.keys(object.metadata.labels ?? {}).length) object.metadata.labels = { ...labels }
  return object
}
