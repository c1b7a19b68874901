import {
  type FieldError,
  forbiddenField,
  invalidValue,
  required,
  tooLong,
} from '../../field-error.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { configMapKeyProblem } from '../../name-syntax.ts'
import type { Secret } from '../../object.ts'
import { ownValue } from '../../own-value.ts'

const dataBytesMax = 1024 * 1024
const accountAnnotation = 'kubernetes.io/service-account.name'

type Check = (secret: Secret) => readonly FieldError[]

/** The data that each known type must have (upstream's `ValidateSecret`). */
const checks: Readonly<Record<string, Check>> = {
  'kubernetes.io/service-account-token': ({ metadata }) =>
    metadata.annotations?.[accountAnnotation]
      ? []
      : [required(`metadata.annotations[${accountAnnotation}]`)],
  'kubernetes.io/dockercfg': (secret) => jsonErrors(secret, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (secret) => jsonErrors(secret, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': ({ data = {} }) =>
    'username' in data || 'password' in data ? [] : missing(data, 'username', 'password'),
  'kubernetes.io/ssh-auth': ({ data = {} }) =>
    data['ssh-privatekey'] ? [] : missing({}, 'ssh-privatekey'),
  'kubernetes.io/tls': ({ data = {} }) => missing(data, 'tls.crt', 'tls.key'),
}

/** What is wrong with a Secret. No message quotes a value. */
export function validateSecret(secret: Secret): readonly FieldError[] {
  const { data = {}, type = '' } = secret
  const keys = Object.keys(data).flatMap((key) => {
    const problem = configMapKeyProblem(key)
    return problem ? [invalidValue(`data[${key}]`, key, problem)] : []
  })
  const bytes = Object.values(data).reduce((sum, text) => sum + bytesIn(text), 0)
  return [
    ...keys,
    ...(bytes > dataBytesMax ? [tooLong('data', dataBytesMax)] : []),
    ...(ownValue(checks, type)?.(secret) ?? []),
  ]
}

/** What may not change of a Secret. */
export function validateSecretUpdate(after: Secret, before: Secret): readonly FieldError[] {
  const type =
    after.type === before.type ? [] : [invalidValue('type', after.type, 'field is immutable')]
  if (!before.immutable) return type
  const detail = 'field is immutable when `immutable` is set'
  return [
    ...type,
    ...(after.immutable ? [] : [forbiddenField('immutable', detail)]),
    ...(isDeepEqual(after.data, before.data) ? [] : [forbiddenField('data', detail)]),
  ]
}

const missing = (data: Record<string, string>, ...keys: string[]): FieldError[] =>
  keys.filter((key) => !(key in data)).map((key) => required(`data[${key}]`))

function jsonErrors({ data = {} }: Secret, key: string): readonly FieldError[] {
  const text = data[key]
  if (text === undefined) return missing(data, key)
  try {
    JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text)))
    return []
  } catch {
    return [invalidValue(`data[${key}]`, '<secret contents redacted>', 'it is no JSON')]
  }
}

const bytesIn = (base64: string): number =>
  (base64.length * 3) / 4 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0)
