import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  checkExact,
  checkJsonPatch,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { mediaTypeOf, parsedJson, textOf, unsupportedMediaType } from '../requests/request-body.ts'

const applyType = 'application/apply-patch+yaml'
const accepted = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

/** Server-side apply: what a manager wants of an object, rather than what is to be done with it. */
export const isApply = (request: FastifyRequest): boolean => mediaTypeOf(request) === applyType

/**
 * What the patch of a request does to an object. For what is no resource itself (a Scale) a strategic merge patch is
 * a plain merge.
 */
export function patchOf(
  request: FastifyRequest,
  resource?: Resource,
): (object: KubernetesObject) => unknown {
  const mediaType = mediaTypeOf(request)
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(mediaType, [applyType, ...accepted])
  const patch = parsedJson(textOf(request))
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
