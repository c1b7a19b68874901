import {
  fromHub,
  type KubernetesObject,
  localSubjectAccessReviews,
  type Resource,
  selfSubjectAccessReviews,
  selfSubjectReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
} from '@reckon/kubernetes'
import type { ServedResource } from '../../requests/object-routes.ts'
import type { Asked, Review } from './review.ts'
import { localSubjectAccess, selfSubjectAccess, subjectAccess } from './subject-access.ts'
import { selfSubjectRules } from './subject-rules.ts'

/** Who answers the questions of each kind. A new one is a line here. */
const reviews: ReadonlyMap<Resource, Review> = new Map([
  of(selfSubjectAccessReviews, selfSubjectAccess),
  of(subjectAccessReviews, subjectAccess),
  of(localSubjectAccessReviews, localSubjectAccess),
  of(selfSubjectRulesReviews, selfSubjectRules),
  of(selfSubjectReviews, (_question, { user }) => ({
    userInfo: { username: user.name, groups: user.groups },
  })),
])

function of<T extends KubernetesObject>(
  resource: Resource<T>,
  review: Review<T>,
): [Resource, Review] {
  return [resource, review]
}

/** The question with its answer, as Kubernetes answers it: in its status, and nothing is stored. */
export function answered(
  { resource, groupVersion }: ServedResource,
  question: KubernetesObject,
  asked: Asked,
): KubernetesObject {
  const review = reviews.get(resource)
  if (review === undefined) throw new Error(`nobody answers a ${resource.kind}`)
  return fromHub(resource, groupVersion, { ...question, status: review(question, asked) })
}
