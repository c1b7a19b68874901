import {
  badRequest,
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
import type { Query } from '../requests/request-context.ts'

/** What the client sent: JSON text, or a value that was made from what it sent. */
export type Sent = { text: string } | { value: unknown }

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
  const found = values.find((value) => value === (fieldValidation || 'Warn'))
  if (found === undefined)
    throw badRequest(`fieldValidation: Unsupported value: "${fieldValidation}"`)
  return found
}
