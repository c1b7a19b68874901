import type { SelfSubjectReview } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { reviewKind } from '../review.ts'

/** Who am I? What `kubectl auth whoami` asks. */
export const selfSubjectReviews: Resource<SelfSubjectReview> = reviewKind({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
})
