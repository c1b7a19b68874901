import type { Access } from '@reckon/domain'
import {
  type FieldError,
  invalidValue,
  type LocalSubjectAccessReview,
  localSubjectAccessReviews,
  type SelfSubjectAccessReview,
  type SubjectAccessReview,
  selfSubjectAccessReviews,
  subjectAccessReviews,
} from '@reckon/kubernetes'
import type { User } from '../authenticator.ts'
import { refuseErrors } from './refuse-errors.ts'
import type { Review, ReviewContext } from './review.ts'

/** SelfSubjectAccessReview: whether the requesting user may do something. */
export const selfSubjectAccess: Review<SelfSubjectAccessReview> = ({ spec }, asked) => {
  refuseErrors(selfSubjectAccessReviews, attributeErrors(spec))
  return decided(accessOf(spec), asked.user, asked)
}

/** SubjectAccessReview: whether a named user may do something. */
export const subjectAccess: Review<SubjectAccessReview> = ({ spec }, asked) => {
  refuseErrors(subjectAccessReviews, [...attributeErrors(spec), ...userErrors(spec)])
  return decided(accessOf(spec), userOf(spec), asked)
}

/** LocalSubjectAccessReview: whether a named user may do something in the review's namespace. */
export const localSubjectAccess: Review<LocalSubjectAccessReview> = ({ metadata, spec }, asked) => {
  const { namespace } = metadata
  const field = 'spec.resourceAttributes.namespace'
  const named = spec.resourceAttributes?.namespace
  const isElsewhere = spec.resourceAttributes !== undefined && named !== namespace
  refuseErrors(localSubjectAccessReviews, [
    ...attributeErrors(spec),
    ...userErrors(spec),
    ...(isElsewhere ? [invalidValue(field, named, 'must match metadata.namespace')] : []),
  ])
  return decided(accessOf(spec), userOf(spec), asked)
}

type Spec = SelfSubjectAccessReview['spec']
type SubjectSpec = SubjectAccessReview['spec']

function accessOf({ resourceAttributes, nonResourceAttributes }: Spec): Access {
  if (!resourceAttributes) {
    const { verb = '', path = '' } = nonResourceAttributes ?? {}
    return { verb, path }
  }
  const { verb = '', group = '', resource = '', subresource, namespace, name } = resourceAttributes
  return {
    verb,
    resource: { group, plural: resource },
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  }
}

const userOf = ({ user = '', groups = [] }: SubjectSpec): User => ({ name: user, groups })

function decided(access: Access, user: User, { authorizer, view }: ReviewContext): object {
  const decision = authorizer({ user, ...access }, view)
  return { allowed: decision === 'allowed', ...(decision === 'denied' && { denied: true }) }
}

function attributeErrors({ resourceAttributes, nonResourceAttributes }: Spec): FieldError[] {
  if ((resourceAttributes === undefined) !== (nonResourceAttributes === undefined)) return []
  const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return [invalidValue('spec.resourceAttributes', resourceAttributes, detail)]
}

function userErrors({ user = '', groups = [] }: SubjectSpec): FieldError[] {
  if (user !== '' || groups.length > 0) return []
  return [invalidValue('spec.user', user, 'at least one of user or group must be specified')]
}
