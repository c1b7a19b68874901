import {
  type ControllerRevision,
  isDeepEqual,
  type KubernetesObject,
  type PodTemplateSpec,
} from '@reckon/kubernetes'

/** An owner whose earlier templates are stored as ControllerRevisions. */
export type Revised = KubernetesObject & {
  spec: { template: PodTemplateSpec; revisionHistoryLimit?: number }
  status?: { collisionCount?: number }
}

/** A template as the strategic merge patch that restores it; `kubectl rollout undo` sends it unchanged. */
export const revisionData = (
  template: PodTemplateSpec,
): NonNullable<ControllerRevision['data']> => ({
  spec: { template: { ...template, ...replaceDirective } },
})

const replaceDirective = { $patch: 'replace' }

/** The template of a revision; undefined if it has another form because somebody else wrote it. */
export function templateIn({ data }: ControllerRevision): PodTemplateSpec | undefined {
  const { $patch: _, ...template }: PodTemplateSpec & { $patch?: string } =
    data?.spec?.template ?? {}
  return template.spec === undefined ? undefined : template
}

/** Whether a revision has the owner's present template. */
export const isRevisionOf = (revision: ControllerRevision, { spec }: Revised): boolean =>
  isDeepEqual(templateIn(revision), spec.template)
