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

/** Server-side apply: the fields that a manager wants, rather than instructions what to change. */
export const isApply = (request: FastifyRequest): boolean => mediaTypeOf(request) === applyType

/**
 * Returns what the request's patch does to an object. For a body that is not a resource (a Scale), a strategic merge
 * patch is treated as a merge patch.
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
