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
  // Objects begin with these two, in one order or the other: what begins otherwise is converted, if only to itself.
  const begins = [
    { apiVersion, kind },
    { kind, apiVersion },
  ].map((head) => Buffer.from(`${JSON.stringify(head).slice(0, -1)},`))
  return {
    id: form,
    object,
    item: object,
    isShownAs: (json) => begins.some((begin) => json.subarray(0, begin.length).equals(begin)),
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
