import type { Container, ContainerStatus, Job, Pod } from '@reckon/kubernetes'

export type FailurePolicy = NonNullable<Job['spec']['podFailurePolicy']>
type Rule = FailurePolicy['rules'][number]

/** What a Job's policy makes of a failed pod. `message` names the rule, in upstream's words. */
export type Judgement =
  | { action: 'Count' | 'Ignore' | 'FailIndex' }
  | { action: 'FailJob'; message: string }

/**
 * The first matching rule decides; a failure without a matching rule counts. Pure; upstream's matchPodFailurePolicy.
 */
export function judge({ rules }: FailurePolicy, pod: Pod): Judgement {
  for (const [index, rule] of rules.entries()) {
    const what = matched(rule, pod)
    if (what === undefined) continue
    switch (rule.action) {
      case 'FailJob':
        return { action: 'FailJob', message: `${what} matching FailJob rule at index ${index}` }
      case 'FailIndex':
      case 'Ignore':
        return { action: rule.action }
      default:
        return { action: 'Count' }
    }
  }
  return { action: 'Count' }
}

/** What in the pod matches a rule, if anything does. */
function matched({ onExitCodes, onPodConditions = [] }: Rule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata
  if (onExitCodes) {
    const ended = endedContainers(pod).find(({ exitCode, container }) => {
      const { containerName, operator, values } = onExitCodes
      if (exitCode === 0 || (containerName ?? container) !== container) return false
      return values.includes(exitCode) === (operator === 'In')
    })
    if (ended === undefined) return undefined
    const { container, exitCode } = ended
    return `Container ${container} for pod ${namespace}/${name} failed with exit code ${exitCode}`
  }
  const condition = pod.status?.conditions?.find(({ type, status }) =>
    onPodConditions.some((wanted) => wanted.type === type && (wanted.status || 'True') === status),
  )
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`
}

/**
 * The terminated containers that the policy looks at; restartable sidecars are excluded. As upstream, init containers
 * come last.
 */
function endedContainers({ spec, status }: Pod): { container: string; exitCode: number }[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {}
  const isSidecar = ({ name }: ContainerStatus) =>
    spec.initContainers?.some(
      (each: Container) => each.name === name && each.restartPolicy === 'Always',
    )
  return [
    ...containerStatuses,
    ...initContainerStatuses.filter((each) => !isSidecar(each)),
  ].flatMap(({ name, state }) => {
    const exitCode = state?.terminated?.exitCode
    return exitCode === undefined ? [] : [{ container: name, exitCode }]
  })
}
