import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  checkExact,
  checkJsonPatch,
  type KubernetesObject,
  parseJson,
  type Resource,
  StatusError,
} from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { mediaTypeOf, parsed, textOf, unsupportedMediaType } from '../requests/request-body.ts'

const accepted = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

const noServerSideApply = new StatusError(
  'UnsupportedMediaType',
  'server-side apply is not supported by this server yet; apply without --server-side',
)

/**
 * What the patch of a request does to an object; server-side apply is not offered yet and refused with 415. For what
 * is no resource itself (a Scale) a strategic merge patch is a plain merge.
 */
export function patchOf(
  request: FastifyRequest,
  resource?: Resource,
): (object: KubernetesObject) => unknown {
  const mediaType = mediaTypeOf(request)
  if (mediaType === 'application/apply-patch+yaml') throw noServerSideApply
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(mediaType, accepted)
  const patch = parsed(textOf(request), parseJson)
  checkExact(patch)
  if (mediaType === 'application/json-patch+json') {
    checkJsonPatch(patch)
    return (object) => applyJsonPatch(object, patch)
  }
  if (mediaType === 'application/merge-patch+json' || resource === undefined) {
    return (object) => applyMergePatch(object, patch)
  }
  return (object) => applyStrategicMergePatch(resource, object, patch)
}
