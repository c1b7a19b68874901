import type { KubernetesObject, LabelSelector, PodTemplateSpec } from '../../object.ts'
import { setPodSpecDefaults } from './pod-spec-defaults.ts'

type Templated = { spec: { selector?: LabelSelector; template?: PodTemplateSpec } }

/** Fills in the template of pods, and the spec that it stands in; changes the object. */
export function setTemplateDefaults(object: KubernetesObject): void {
  object.spec ??= {}
  const { template } = (object as unknown as Templated).spec
  if (template) template.metadata ??= {}
  if (template?.spec) setPodSpecDefaults(template.spec)
}

/** Before apps/v1, an absent selector, and absent labels, were those of the template. */
export function setSelectorFromTemplate(object: KubernetesObject): void {
  const { spec } = object as unknown as Partial<Templated>
  const labels = spec?.template?.metadata?.labels
  if (!spec || !labels) return
  spec.selector ??= { matchLabels: { ...labels } }
  if (!Object.keys(object.metadata.labels ?? {}).length) object.metadata.labels = { ...labels }
}
