import type { TokenReview } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { reviewKind } from '../review.ts'

/** Whose token is this? What others ask who trust this cluster's accounts. */
export const tokenReviews: Resource<TokenReview> = reviewKind({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
})
