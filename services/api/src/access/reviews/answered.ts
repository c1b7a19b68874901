import {
  fromHub,
  type KubernetesObject,
  localSubjectAccessReviews,
  type Resource,
  selfSubjectAccessReviews,
  selfSubjectReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
  tokenReviews,
} from '@reckon/kubernetes'
import type { ServedResource } from '../../requests/object-routes.ts'
import type { Review, ReviewContext } from './review.ts'
import { localSubjectAccess, selfSubjectAccess, subjectAccess } from './subject-access.ts'
import { selfSubjectRules } from './subject-rules.ts'
import { tokenReview } from './token-review.ts'

/** The review of each kind. To add one, add a line here. */
const reviews: ReadonlyMap<Resource, Review> = new Map([
  of(selfSubjectAccessReviews, selfSubjectAccess),
  of(subjectAccessReviews, subjectAccess),
  of(localSubjectAccessReviews, localSubjectAccess),
  of(selfSubjectRulesReviews, selfSubjectRules),
  of(selfSubjectReviews, (_question, { user: { name, groups, uid, extra } }) => ({
    userInfo: { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) },
  })),
  of(tokenReviews, tokenReview),
])

function of<T extends KubernetesObject>(
  resource: Resource<T>,
  review: Review<T>,
): [Resource, Review] {
  return [resource, review]
}

/** The review object with its answer in its status, as Kubernetes answers it; nothing is stored. */
export async function answered(
  { resource, groupVersion }: ServedResource,
  question: KubernetesObject,
  asked: ReviewContext,
): Promise<KubernetesObject> {
  const review = reviews.get(resource)
  if (review === undefined) throw new Error(`nobody answers a ${resource.kind}`)
  return fromHub(resource, groupVersion, { ...question, status: await review(question, asked) })
}
