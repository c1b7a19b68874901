import {
  type FieldError,
  forbiddenField,
  invalid,
  invalidValue,
  notSupported,
} from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { mediaTypeOf } from './request-body.ts'

/** The write options of a query. */
type WriteOptions = {
  fieldManager?: string | undefined
  fieldValidation?: string | undefined
  force?: string | undefined
}

/** Upstream's kind for the options of each write. */
const kinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
}

const validations = ['', 'Ignore', 'Strict', 'Warn']
const managerLengthMax = 128

/** Refuses invalid write options, in upstream's words (422). */
export function checkOptions(request: FastifyRequest, options: WriteOptions): void {
  const { fieldManager = '', fieldValidation = '', force } = options
  const isApplied = mediaTypeOf(request) === 'application/apply-patch+yaml'
  const isForced = request.method === 'PATCH' && force !== undefined && !isApplied
  const errors = [
    ...managerErrors(fieldManager),
    ...(validations.includes(fieldValidation)
      ? []
      : [notSupported('fieldValidation', fieldValidation, validations)]),
    ...(isForced ? [forbiddenField('force', 'may not be specified for non-apply patch')] : []),
  ]
  const kind = kinds[request.method] ?? 'CreateOptions'
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors)
}

function managerErrors(manager: string): FieldError[] {
  const field = 'fieldManager'
  const message = `Too long: may not be more than ${managerLengthMax} bytes`
  return [
    ...(Buffer.byteLength(manager) > managerLengthMax
      ? [{ reason: 'FieldValueTooLong', field, message } as const]
      : []),
    ...(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(manager)
      ? [invalidValue(field, manager, 'should only contain printable characters')]
      : []),
  ]
}
