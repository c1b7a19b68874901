import type { FieldError } from '../field-error.ts'
import { int32From } from '../field-rules.ts'

/** What is wrong with the user and the group that a pod or a container runs as. */
export function validateIdentity(
  { runAsUser, runAsGroup }: { runAsUser?: number; runAsGroup?: number },
  field: string,
): FieldError[] {
  return [
    ...int32From(0, `${field}.runAsUser`, runAsUser),
    ...int32From(0, `${field}.runAsGroup`, runAsGroup),
  ]
}
