import {
  byAge,
  type ControllerRevision,
  isTerminating,
  type KubernetesObject,
  podTemplateHash,
} from '@reckon/kubernetes'
import { claim } from '../ownership/claim.ts'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import { ownershipSteps, type PodStep } from '../ownership/pod-plan.ts'
import { isRevisionOf, type Revised, revisionData } from './revision-template.ts'

/** How an owner's kind names and finds its revisions. */
export type RevisionStyle = {
  /** The label with the hash of a revision's template. */
  hashLabel: string
}

/** The revisions of an owner. */
export type History = {
  /** Oldest first. */
  revisions: readonly ControllerRevision[]
  /** The revision of the present template; undefined until it is recorded. */
  update: ControllerRevision | undefined
  /** What must be done before anything is created from the present template. */
  steps: readonly PodStep[]
}

/** Finds the revision of the present template, and plans how it becomes the newest one. Pure. */
export function historyOf(
  owner: Revised & { spec: { selector: Parameters<typeof claim>[2] } },
  candidates: readonly ControllerRevision[],
  { hashLabel }: RevisionStyle,
): History {
  const { owned, ...moved } = claim(owner, candidates, owner.spec.selector)
  const revisions = owned.filter((revision) => !isTerminating(revision)).sort(byNumber)
  const update = revisions.findLast((revision) => isRevisionOf(revision, owner))
  const steps = ownershipSteps(moved)
  if (steps.length > 0 || isTerminating(owner)) return { revisions, update, steps }
  const number = (revisions.at(-1)?.revision ?? 0) + 1
  if (update === undefined) {
    return { revisions, update, steps: [madeAs(owner, { candidates, hashLabel, number })] }
  }
  // A template that is used again becomes the newest revision.
  if (update !== revisions.at(-1)) {
    return { revisions, update, steps: [{ type: 'NumberRevision', revision: update, number }] }
  }
  return { revisions, update, steps }
}

function madeAs(
  owner: Revised,
  {
    candidates,
    hashLabel,
    number,
  }: { candidates: readonly KubernetesObject[]; hashLabel: string; number: number },
): PodStep {
  const { template } = owner.spec
  const { name, namespace = '' } = owner.metadata
  const collisions = owner.status?.collisionCount ?? 0
  const hash = podTemplateHash(template, collisions)
  const revisionName = `${name}-${hash}`
  // Another template has this hash: counting the collision changes the hash.
  if (candidates.some(({ metadata }) => metadata.name === revisionName)) {
    const status = { ...owner.status, collisionCount: collisions + 1 }
    return { type: 'SetStatus', status }
  }
  const revision: ControllerRevision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: revisionName,
      namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ...(owner.metadata.annotations && { annotations: owner.metadata.annotations }),
      ownerReferences: [controllerReferenceTo(owner)],
    },
    data: revisionData(template),
    revision: number,
  }
  return { type: 'CreateRevision', revision }
}

/** Revisions beyond the history limit, oldest first; none that is in use. */
export function excessRevisions(
  { spec: { revisionHistoryLimit = 10 } }: Revised,
  revisions: readonly ControllerRevision[],
  isUsed: (revision: ControllerRevision) => boolean,
): PodStep[] {
  const unused = revisions.filter((revision) => !isUsed(revision))
  return unused
    .slice(0, Math.max(0, unused.length - revisionHistoryLimit))
    .map((revision) => ({ type: 'DeleteRevision', revision }))
}

/** By number, then by age and name. */
const byNumber = (a: ControllerRevision, b: ControllerRevision): number =>
  a.revision - b.revision || byAge(a, b)
