import {
  type ControllerRevision,
  isDeepEqual,
  type KubernetesObject,
  type PodTemplateSpec,
} from '@reckon/kubernetes'

/** An owner whose earlier templates are kept as ControllerRevisions. */
export type Revised = KubernetesObject & {
  spec: { template: PodTemplateSpec; revisionHistoryLimit?: number }
  status?: { collisionCount?: number }
}

/**
 * A template in the form of the strategic merge patch that brings it back: `kubectl rollout undo` sends it as it is.
 */
export const revisionData = (
  template: PodTemplateSpec,
): NonNullable<ControllerRevision['data']> => ({
  spec: { template: { ...template, ...replaceDirective } },
})

const replaceDirective = { $patch: 'replace' }

/** The template that a revision stands for; undefined where somebody else wrote it in another form. */
export function templateIn({ data }: ControllerRevision): PodTemplateSpec | undefined {
  const { $patch: _, ...template }: PodTemplateSpec & { $patch?: string } =
    data?.spec?.template ?? {}
  return template.spec === undefined ? undefined : template
}

/** Whether a revision stands for what the owner's pods are to be now. */
export const isRevisionOf = (revision: ControllerRevision, { spec }: Revised): boolean =>
  isDeepEqual(templateIn(revision), spec.template)
