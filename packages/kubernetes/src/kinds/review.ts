import type { GroupVersion, Resource } from '../resource.ts'
import { unstored } from './unstored-kind.ts'

/** The names of a kind that is a question: it is answered when it is created, and never stored. */
type ReviewNames = GroupVersion & { kind: string; namespaced?: boolean }

/** The resource of a question; its plural is the kind's name in small letters. */
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
