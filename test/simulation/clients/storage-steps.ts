import type { Ref } from '../../histories/operation.ts'
import type { Random } from '../random.ts'
import type { Drawn } from './drawn.ts'
import type { Hands } from './hands.ts'
import { claimOf, keepingSetOf, podOf, storageClasses, volumeOf } from './manifests.ts'
import type { Step } from './steps.ts'

type About = Drawn & { hands: Hands; random: Random }

/** Claims of either class, pods that use them, volumes created by hand; deletions also of what is in use. */
export function withStorage({ hands, claim, keeper, volume, some, random, ...of }: About): Step[] {
  const { cpu, node, replicas, keepingSet } = of
  const storageClass = random.pick(storageClasses) ?? ''
  const isKept = random.chance(0.5)
  const isParallel = random.chance(0.3)
  const replace = (of: Ref) => hands.replaceByForce(of, claimOf(of, storageClass))
  return [
    { weight: 2, act: () => hands.create(claim, claimOf(claim, storageClass)) },
    { weight: 1, act: () => hands.delete(some(claim)) },
    { weight: 1, act: () => replace(some(claim)) },
    { weight: 2, act: () => hands.create(keeper, podOf(keeper, { cpu, claim: claim.name })) },
    { weight: 1.5, act: () => hands.delete(keeper) },
    { weight: 1, act: () => hands.createPlainly(volume, volumeOf(volume, node.name)) },
    { weight: 0.5, act: () => hands.delete(some(volume)) },
    {
      weight: 2,
      act: () => {
        const parameters = { cpu: '100m', replicas, isParallel, isKept }
        return hands.create(keepingSet, keepingSetOf(keepingSet, parameters))
      },
    },
    { weight: 1.5, act: () => hands.patch(keepingSet, { spec: { replicas } }) },
    { weight: 1, act: () => hands.delete(keepingSet) },
  ]
}
