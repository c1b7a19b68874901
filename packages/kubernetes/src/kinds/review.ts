import type { GroupVersion, Resource } from '../resource.ts'
import { unstored } from './unstored-kind.ts'

/** The names of a review: a kind that is answered when it is created, and never stored. */
type ReviewNames = GroupVersion & { kind: string; namespaced?: boolean }

/** The resource of a review; its plural is the kind's name in lower case. */
export const reviewKind = ({
  group,
  version,
  kind,
  namespaced = false,
}: ReviewNames): Resource => ({
  group,
  version,
  servedVersions: [{ group, version }],
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  kind,
  listKind: `${kind}List`,
  namespaced,
  isReview: true,
  ...unstored,
})
