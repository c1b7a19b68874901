import {
  type Decoded,
  decode,
  decodeValue,
  deprecationOf,
  type FieldValidation,
  type KubernetesObject,
  toHub,
} from '@reckon/kubernetes'
import type { FastifyReply } from 'fastify'
import { type ServedResource, warningsOf } from '../requests/object-routes.ts'
import type { Sent } from '../requests/request-body.ts'
import type { Query } from '../requests/request-context.ts'
import { checkOptions } from '../requests/write-options.ts'

/**
 * A sent object in the version in which it is stored. What is strictly wrong refuses the request, or becomes a
 * `Warning` header, as the client's `fieldValidation` says; so does the use of an old version.
 */
export function decodedObject(
  { resource, groupVersion }: ServedResource,
  sent: Sent,
  query: Query,
  reply: FastifyReply,
): KubernetesObject {
  checkOptions(reply.request, query)
  const fieldValidation = fieldValidationOf(query)
  const { object, warnings }: Decoded =
    'text' in sent
      ? decode(resource, groupVersion, { ...sent, fieldValidation })
      : decodeValue(resource, groupVersion, { ...sent, fieldValidation })
  const deprecation = deprecationOf(resource, groupVersion)
  const all = deprecation === undefined ? warnings : [deprecation, ...warnings]
  if (all.length > 0) reply.header('warning', warningsOf(all))
  return toHub(resource, object)
}

function fieldValidationOf({ fieldValidation = 'Warn' }: Query): FieldValidation {
  const values: readonly FieldValidation[] = ['Ignore', 'Warn', 'Strict']
  return values.find((value) => value === fieldValidation) ?? 'Warn'
}
