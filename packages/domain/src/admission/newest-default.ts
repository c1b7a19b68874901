import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { OtherObjects } from './admission.ts'

/** The newest of several default classes; among those created in the same second the first by name. */
export function newestDefault<T extends KubernetesObject>(
  classes: Resource<T>,
  others: OtherObjects,
  isDefault: (object: T) => boolean,
): T | undefined {
  const created = ({ metadata }: T) => Date.parse(metadata.creationTimestamp ?? '')
  return others
    .list(classes)
    .flatMap(({ object }) => (isDefault(object) ? [object] : []))
    .sort((a, b) => created(b) - created(a))[0]
}
