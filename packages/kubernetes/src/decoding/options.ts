import type { TokenRequest } from 'kubernetes-types/authentication/v1.d.ts'
import type { Scale } from 'kubernetes-types/autoscaling/v1.d.ts'
import type { Binding } from 'kubernetes-types/core/v1.d.ts'
import type { DeleteOptions } from 'kubernetes-types/meta/v1.d.ts'
import type { Eviction } from 'kubernetes-types/policy/v1.d.ts'
import { checkDepth } from '../json/json-depth.ts'
import { isJsonObject } from '../json/json-object.ts'
import { badRequest, invalid } from '../refusals.ts'
import { schemas } from '../schemas/schemas.ts'
import type { Findings } from './findings.ts'
import { typedValue } from './typed-value.ts'

const kinds = {
  Binding: { group: '', schema: 'io.k8s.api.core.v1.Binding' },
  DeleteOptions: {
    group: 'meta.k8s.io',
    schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  },
  Eviction: { group: 'policy', schema: 'io.k8s.api.policy.v1.Eviction' },
  Scale: { group: 'autoscaling', schema: 'io.k8s.api.autoscaling.v1.Scale' },
  TokenRequest: {
    group: 'authentication.k8s.io',
    schema: 'io.k8s.api.authentication.v1.TokenRequest',
  },
} as const satisfies Record<OptionsKind, { group: string; schema: string }>

/** Options of requests, which are never stored. */
export type Options = {
  Binding: Binding
  DeleteOptions: DeleteOptions
  Eviction: Eviction
  Scale: Scale
  TokenRequest: TokenRequest
}
export type { Scale }
export type OptionsKind = keyof Options

/** Decodes options by their schema; unknown fields are ignored. */
export function decodeOptions<Kind extends OptionsKind>(
  kind: Kind,
  value: unknown,
): Partial<Options[Kind]> {
  if (!isJsonObject(value)) throw badRequest('the request body is not a JSON object')
  checkDepth(value)
  const { kind: sent = kind, apiVersion = '' } = value
  if (typeof sent !== 'string' || typeof apiVersion !== 'string') {
    throw badRequest('json: cannot unmarshal into Go struct field TypeMeta.kind of type string')
  }
  if (sent !== '' && sent !== kind) {
    throw badRequest(
      `no kind "${sent}" is registered for version "${apiVersion}", ${kind} is expected`,
    )
  }
  const { group, schema } = kinds[kind]
  const found: Findings = { unknown: [], inexact: [] }
  const options = typedValue(schemas[schema] ?? {}, value, { path: '', owner: kind, found })
  if (found.inexact.length > 0) throw invalid({ group, kind }, '', found.inexact)
  return options as Partial<Options[Kind]>
}
