import { notReadyTaint, type PodSpec, type Toleration, unreachableTaint } from '@reckon/kubernetes'
import { defaultSettings } from '../cluster.ts'

const keys = [notReadyTaint, unreachableTaint]

/**
 * Adds default tolerations: how long a pod stays on a node that is not ready or unreachable. Upstream's admission
 * plugin DefaultTolerationSeconds.
 */
export function withTolerations(
  spec: PodSpec,
  tolerationSeconds = defaultSettings.defaultTolerationSeconds,
): PodSpec {
  const { tolerations = [] } = spec
  const missing = keys
    .filter((key) => !tolerations.some((each) => concerns(each, key)))
    .map((key): Toleration => {
      return { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }
    })
  return missing.length === 0 ? spec : { ...spec, tolerations: [...tolerations, ...missing] }
}

const concerns = ({ key, effect }: Toleration, taint: string): boolean =>
  (!key || key === taint) && (!effect || effect === 'NoExecute')
