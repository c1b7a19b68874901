import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { reviewKind } from '../review.ts'

const served = { group: 'authorization.k8s.io', version: 'v1' }

/** May I do this? What `kubectl auth can-i` asks. */
export const selfSubjectAccessReviews: Resource<SelfSubjectAccessReview> = reviewKind({
  ...served,
  kind: 'SelfSubjectAccessReview',
})

/** May they do this? */
export const subjectAccessReviews: Resource<SubjectAccessReview> = reviewKind({
  ...served,
  kind: 'SubjectAccessReview',
})

/** May they do this in this namespace? */
export const localSubjectAccessReviews: Resource<LocalSubjectAccessReview> = reviewKind({
  ...served,
  kind: 'LocalSubjectAccessReview',
  namespaced: true,
})

/** What may I do in a namespace? What `kubectl auth can-i --list` asks. */
export const selfSubjectRulesReviews: Resource<SelfSubjectRulesReview> = reviewKind({
  ...served,
  kind: 'SelfSubjectRulesReview',
})
