import {
  type CustomResourceDefinition,
  customResource,
  customResourceDefinitions,
  isOf,
  type KubernetesObject,
  type ResourceTable,
  resourceId,
} from '@reckon/kubernetes'
import { isEstablished } from '../kinds/custom-resource-definition.ts'

export const definitionsId = resourceId(customResourceDefinitions)

/** Registers the kind of an established definition, and removes it with the definition (`after` is undefined). */
export function defineCustom(
  resources: ResourceTable,
  {
    before,
    after,
  }: { before?: KubernetesObject | undefined; after?: KubernetesObject | undefined },
): string | undefined {
  const definition = after ?? before
  if (definition === undefined || !isOf(customResourceDefinitions, definition)) return undefined
  const id = idOf(definition)
  if (after === undefined) resources.withdraw(id)
  else if (isEstablished(definition) && isChanged(before, definition)) {
    resources.define(customResource(definition))
  }
  return id
}

const isChanged = (
  before: KubernetesObject | undefined,
  after: CustomResourceDefinition,
): boolean =>
  before === undefined ||
  before.spec !== after.spec ||
  !(isOf(customResourceDefinitions, before) && isEstablished(before))

const idOf = ({ spec: { names, group } }: CustomResourceDefinition): string =>
  resourceId({ plural: names.plural, group })
