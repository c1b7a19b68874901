import { type Resource, type ResourceTable, resourceId, StatusError } from '@reckon/kubernetes'

/** The kind that a user names as in kubectl (`deploy`, `deployments.apps`, `Deployment`); 404 if there is none. */
export function kindNamed(resources: ResourceTable, name: string): Resource {
  const wanted = name.toLowerCase()
  const found =
    resources.named(wanted) ??
    resources.all.find((resource) => namesOf(resource).includes(wanted)) ??
    resources.all.find(({ plural, group }) => `${plural}.${group}`.startsWith(`${wanted}.`))
  if (found === undefined) {
    throw new StatusError('NotFound', `the server doesn't have a resource type "${name}"`)
  }
  return found
}

const namesOf = (resource: Resource): readonly string[] => {
  const { plural, singular, kind, shortNames, group } = resource
  const alone = [plural, singular, kind.toLowerCase(), ...shortNames]
  return [...alone, ...alone.map((each) => `${each}.${group}`), resourceId(resource)]
}
