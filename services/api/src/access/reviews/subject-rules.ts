import { rulesOfUser } from '@reckon/domain'
import { badRequest, type SelfSubjectRulesReview } from '@reckon/kubernetes'
import type { Review } from './review.ts'

/** SelfSubjectRulesReview: what the requesting user may do in a namespace, by their roles. */
export const selfSubjectRules: Review<SelfSubjectRulesReview> = ({ spec }, { user, view }) => {
  // The namespace is in the review's spec: the kind itself has none.
  if (!spec.namespace) throw badRequest('no namespace on request')
  const rules = [...rulesOfUser(view, user, spec.namespace)]
  return {
    incomplete: false,
    resourceRules: rules
      .filter(({ nonResourceURLs }) => !nonResourceURLs)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames && { resourceNames }),
      })),
    nonResourceRules: rules.flatMap(({ verbs, nonResourceURLs }) =>
      nonResourceURLs ? [{ verbs, nonResourceURLs }] : [],
    ),
  }
}
