import type { Deployment, KubernetesObject, Undefaulted } from '../../object.ts'
import { withSelectorFromTemplate } from '../../pod-spec/pod-template-defaults.ts'
import type { Conversion } from '../../resource.ts'

/** The annotation in which upstream stores a field that apps/v1 no longer has. */
const rollbackAnnotation = 'deprecated.deployment.rollback.to'

type V1beta1Deployment = KubernetesObject & {
  spec?: Partial<Deployment['spec']> & { rollbackTo?: { revision?: number } }
}

type Defaults = Pick<Deployment['spec'], 'revisionHistoryLimit' | 'progressDeadlineSeconds'> & {
  rollingUpdate: { maxUnavailable: number | string; maxSurge: number | string }
}

/** A v1beta1, with the defaults that Deployments had in its group. */
export const deploymentV1beta1 = (defaults: Required<Defaults>): Conversion => ({
  toHub(object: V1beta1Deployment) {
    withSelectorFromTemplate(object)
    object.spec ??= {}
    const { spec } = object
    spec.revisionHistoryLimit ??= defaults.revisionHistoryLimit
    spec.progressDeadlineSeconds ??= defaults.progressDeadlineSeconds
    spec.strategy ??= {}
    spec.strategy.type ||= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate = { ...defaults.rollingUpdate, ...spec.strategy.rollingUpdate }
    }
    if (!spec.rollbackTo) return object
    const revision = String(spec.rollbackTo.revision ?? 0)
    object.metadata.annotations = { ...object.metadata.annotations, [rollbackAnnotation]: revision }
    delete spec.rollbackTo
    return object
  },

  fromHub(object: V1beta1Deployment) {
    const { [rollbackAnnotation]: revision, ...annotations } = object.metadata.annotations ?? {}
    if (revision === undefined) return object
    const metadata = { ...object.metadata, annotations }
    return {
      ...object,
      metadata,
      spec: { ...object.spec, rollbackTo: { revision: Number(revision) } },
    }
  },
})

/** The field has no effect: `kubectl rollout undo` sends the older template itself. */
export const rollbackWarnings = ({ spec }: Undefaulted<V1beta1Deployment>): readonly string[] =>
  spec?.rollbackTo === undefined
    ? []
    : ['spec.rollbackTo: is not acted on: `kubectl rollout undo` changes the template itself']
