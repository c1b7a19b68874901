import type { Random } from '../random.ts'
import type { Drawn } from './drawn.ts'
import type { Hands } from './hands.ts'
import { autoscalerOf } from './manifests.ts'
import type { Step } from './steps.ts'

type About = Drawn & { hands: Hands; random: Random }

/** Deployments that are scaled by their pods' usage. */
export function withAutoscaling({ hands, autoscaler, app, random }: About): Step[] {
  const minReplicas = 1 + random.below(2)
  const bounds = { minReplicas, maxReplicas: minReplicas + random.below(3) }
  return [
    { weight: 2, act: () => hands.create(autoscaler, autoscalerOf(autoscaler, app, bounds)) },
    { weight: 1, act: () => hands.patch(autoscaler, { spec: bounds }) },
    { weight: 0.5, act: () => hands.delete(autoscaler) },
  ]
}
