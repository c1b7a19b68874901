import { checkDepth } from './json-depth.ts'
import { isJsonObject, type JsonObject } from './merge-patch.ts'
import { badRequest, invalid } from './refusals.ts'
import { schemas } from './schemas.ts'
import { type Findings, typedValue } from './typed-value.ts'

const kinds = {
  Binding: { group: '', schema: 'io.k8s.api.core.v1.Binding' },
  DeleteOptions: {
    group: 'meta.k8s.io',
    schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  },
  Scale: { group: 'autoscaling', schema: 'io.k8s.api.autoscaling.v1.Scale' },
} as const

/** What is sent to ask for something and not kept itself. */
export type OptionsKind = keyof typeof kinds

/** Reads a value as options by their schema, as a resource is read by its own; what is unknown is left out. */
export function decodeOptions(kind: OptionsKind, value: unknown): JsonObject {
  if (!isJsonObject(value)) throw badRequest('the request body is not a JSON object')
  checkDepth(value)
  const { group, schema } = kinds[kind]
  const found: Findings = { unknown: [], inexact: [] }
  const options = typedValue(schemas[schema] ?? {}, value, { path: '', owner: kind, found })
  if (found.inexact.length > 0) throw invalid({ group, kind }, '', found.inexact)
  return options as JsonObject
}
