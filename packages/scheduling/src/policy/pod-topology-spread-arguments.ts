import { forbiddenField, invalidValue, notSupported, referred, required } from '@reckon/kubernetes'
import type { Plugin } from '../framework.ts'
import { podTopologySpread, podTopologySpreadWith } from '../plugins/pod-topology-spread.ts'
import type { SpreadConstraint } from '../state/pod-traits.ts'
import { argumentsSchema, text } from './arguments.ts'
import { decoded, type Reading } from './decoded.ts'

type Arguments = {
  readonly defaultConstraints?: readonly SpreadConstraint[]
  readonly defaultingType?: string
}

const actions = ['DoNotSchedule', 'ScheduleAnyway']

/** PodTopologySpread as PodTopologySpreadArgs say. */
export function podTopologySpreadFrom(args: unknown, reading: Reading): Plugin {
  const { defaultConstraints: constraints = [], defaultingType = 'System' } = decoded<Arguments>(
    schema,
    args,
    reading,
  )
  const { path, problems } = reading
  if (!['System', 'List'].includes(defaultingType)) {
    problems.push(notSupported(`${path}.defaultingType`, defaultingType, ['System', 'List']))
  }
  if (defaultingType !== 'List') {
    const detail = "when .defaultingType is not 'List'"
    if (constraints.length > 0) {
      problems.push(invalidValue(`${path}.defaultConstraints`, constraints.length, detail))
    }
    return podTopologySpread
  }
  for (const [index, constraint] of constraints.entries()) {
    check(constraint, { path: `${path}.defaultConstraints[${index}]`, problems })
  }
  return podTopologySpreadWith({ constraints, areSystems: false })
}

function check(
  { maxSkew = 0, topologyKey, whenUnsatisfiable, labelSelector }: Partial<SpreadConstraint>,
  { path, problems }: Reading,
): void {
  if (maxSkew < 1)
    problems.push(invalidValue(`${path}.maxSkew`, maxSkew, 'must be greater than zero'))
  if (!topologyKey) problems.push(required(`${path}.topologyKey`))
  if (!actions.includes(whenUnsatisfiable ?? '')) {
    problems.push(notSupported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, actions))
  }
  if (labelSelector !== undefined) {
    const detail = 'constraint must not define a selector, as they deduced for each pod'
    problems.push(forbiddenField(`${path}.labelSelector`, detail))
  }
}

const schema = argumentsSchema({
  defaultingType: text,
  defaultConstraints: { items: referred('io.k8s.api.core.v1.TopologySpreadConstraint') },
})
