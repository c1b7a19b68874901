import { type FieldError, invalid, type Resource } from '@reckon/kubernetes'

/** Refuses a question that is none with 422; it has no name. */
export function refuseErrors(resource: Resource, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(resource, '', errors)
}
