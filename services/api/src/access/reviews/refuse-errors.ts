import { type FieldError, invalid, type Resource } from '@reckon/kubernetes'

/** Refuses a malformed review with 422; reviews have no name. */
export function refuseErrors(resource: Resource, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(resource, '', errors)
}
