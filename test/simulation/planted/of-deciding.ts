import type { PlantedBug } from './planted-bug.ts'

/** Bugs in what scheduler and replicator decide. */
export const bugsOfDeciding: readonly PlantedBug[] = [
  {
    name: 'an autoscaler adds as many pods at once as its metrics want',
    file: 'services/replicator/src/horizontal-pod-autoscaler/scaling-rules.ts',
    text: 'return max > limit ? tooFastUp(limit) : tooMany(max)',
    by: 'return tooMany(max)',
    isRare: true,
  },
  {
    name: 'the scheduler forgets what it has just placed',
    file: 'services/scheduler/src/scheduling-view.ts',
    text: 'this.cluster.addPod(pod, nodeName)',
    by: '',
  },
  {
    name: 'pods of one priority make way for one another',
    file: 'packages/scheduling/src/preempting/victims.ts',
    text: 'priorityOf(pod) < traits.priority',
    by: 'priorityOf(pod) <= traits.priority',
    isRare: true,
  },
  {
    name: 'what is kept for a pod is given to others',
    file: 'packages/scheduling/src/state/nominations.ts',
    text: 'const isHeeded = uid',
    by: "const isHeeded = uid === '' && uid",
    isRare: true,
  },
  {
    name: 'a decision bears the number of another one',
    file: 'services/scheduler/src/placer.ts',
    text: 'this.#decided += 1',
    by: 'this.#decided = 1',
  },
  {
    name: 'a decision does not tell what it relied on',
    file: 'services/scheduler/src/placer.ts',
    text: 'assumed: this.#view.assumed',
    by: 'assumed: []',
  },
  {
    name: 'a new ReplicaSet does not count the pods of the old ones',
    file: 'services/replicator/src/deployment/sizes.ts',
    text: 'const room = replicas + maxSurge - total(allOf(rollout), sizeOf)',
    by: 'const room = replicas + maxSurge - size',
  },
  {
    name: 'old pods go whether or not the new ones are available',
    file: 'services/replicator/src/deployment/sizes.ts',
    text: 'const availableMin = replicas - maxUnavailable',
    by: 'const availableMin = 0 * (replicas - maxUnavailable)',
    isRare: true,
  },
  {
    name: 'pods are counted on that are about to go',
    file: 'services/replicator/src/deployment/rollout.ts',
    text: 'Math.min(sizeOf(replicaSet), availableOf(replicaSet))',
    by: 'availableOf(replicaSet)',
    isRare: true,
  },
  {
    name: 'a StatefulSet draws the names of its pods',
    file: 'services/replicator/src/stateful-set/identity.ts',
    text: 'const pod = podOfTemplate(set, template, name)',
    by: 'const pod = podOfTemplate(set, template)',
  },
  {
    name: 'what has lost its owners stays',
    file: 'services/replicator/src/garbage/plan.ts',
    text: 'if (gone.length === 0) return []',
    by: 'if (gone.length >= 0) return []',
  },
  {
    name: 'what was reserved in vain is never given back',
    file: 'services/replicator/src/reservation/plan.ts',
    text: "endsAt > reservedAt)) return { type: 'Release' }",
    by: "endsAt > reservedAt)) return { type: 'Keep' }",
  },
  {
    name: 'a replicator draws the names of pods',
    file: 'services/replicator/src/ownership/in-free-slots.ts',
    text: '{ ...pod.metadata, name }',
    by: "{ ...pod.metadata, name: '' }",
  },
  {
    name: 'a Job takes whatever ends for a success',
    file: 'services/replicator/src/ownership/pod-endings.ts',
    text: "    if (end !== 'Succeeded') return\n",
    by: '',
  },
  {
    name: 'a daemon pod is made beside one that is on its way out',
    file: 'services/replicator/src/daemon-set/placing.ts',
    text: 'shouldRun && pods.length === 0',
    by: 'shouldRun && running.length === 0',
    isRare: true,
  },
  {
    name: 'the pods of a deleted Node are given up at once',
    file: 'services/replicator/src/garbage/plan.ts',
    text: 'if (nowMs < doomedAtMs)',
    by: 'if (nowMs < nodeGoneSinceMs)',
  },
  {
    name: "a reservation is released on the view's word",
    file: 'services/replicator/src/reservation/plan.ts',
    text: "if (isNeeded) return { type: 'Keep' }",
    by: '',
  },
]
