import { apiVersionOf, fromHub, type KubernetesObject } from '@reckon/kubernetes'
import type { ServedResource } from '../requests/object-routes.ts'
import { type EncodedObjects, encoded } from './encoded-objects.ts'
import { listAround } from './list-around.ts'
import type { Representation } from './representation.ts'

/** Objects as they are, in the requested version. */
export function fullObject(
  { resource, groupVersion }: ServedResource,
  bytes: EncodedObjects,
): Representation {
  const apiVersion = apiVersionOf(groupVersion)
  const { kind, listKind } = resource
  const form = apiVersion
  const show = (object: KubernetesObject) => fromHub(resource, groupVersion, object)
  const object = (each: KubernetesObject) => bytes.of(resource, each, { form, show })
  const momentary = (each: KubernetesObject) => bytes.momentary(each, { form, show })
  return {
    id: form,
    object,
    item: object,
    momentary: { object: momentary, item: momentary },
    list: (metadata) => listAround({ kind: listKind, apiVersion, metadata }, 'items'),
    bookmark: (metadata) => encoded({ kind, apiVersion, metadata: bookmarked(metadata) }),
  }
}

/** Objects reduced to their metadata. */
export function metadataOnly(
  { resource }: ServedResource,
  apiVersion: string,
  bytes: EncodedObjects,
): Representation {
  const kind = 'PartialObjectMetadata'
  const form = `${kind} ${apiVersion}`
  const show = ({ metadata }: KubernetesObject) => ({ kind, apiVersion, metadata })
  const object = (each: KubernetesObject) => bytes.of(resource, each, { form, show })
  return {
    id: form,
    object,
    item: object,
    list: (metadata) => listAround({ kind: `${kind}List`, apiVersion, metadata }, 'items'),
    bookmark: (metadata) => encoded({ kind, apiVersion, metadata: bookmarked(metadata) }),
  }
}

const bookmarked = (metadata: object) => ({ creationTimestamp: null, ...metadata })
