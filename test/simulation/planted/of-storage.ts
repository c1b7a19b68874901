import type { PlantedBug } from './planted-bug.ts'

/** Bugs in what becomes of claims and their volumes. */
export const bugsOfStorage: readonly PlantedBug[] = [
  {
    name: 'a volume is given to a second claim',
    file: 'services/replicator/src/persistent-volume/carry-out.ts',
    text: 'if (!isFree || isTerminating(volume)) {',
    by: 'if (isTerminating(volume)) {',
    isRare: true,
  },
  {
    name: 'a volume is removed though its claim is there',
    file: 'packages/kubernetes/src/storage.ts',
    text: "(status?.phase === 'Released' ||",
    by: "(status?.phase === 'Bound' ||",
    isRare: true,
  },
  {
    name: 'a directory is told removed, and is not',
    file: 'services/agent/src/volumes/local-volumes.ts',
    text: 'await ports.disk.removeVolume(name)',
    by: '',
    isRare: true,
  },
  {
    name: 'a directory is made before its volume is recorded',
    file: 'services/agent/src/volumes/local-volumes.ts',
    text: 'this.#told.add(uid)\n      const path',
    by: `this.#told.add(uid)
      const made = { type: 'Local', volume: name, isMade: true } as const
      void ports.disk.place(uid, { ...made, path: ports.disk.volumePath(provisionedName(uid)) })
      const path`,
    isRare: true,
  },
  {
    name: 'a claim goes while a pod uses it',
    file: 'services/replicator/src/persistent-volume/claim-plan.ts',
    text: 'return isProtected && !isUsed() ?',
    by: 'return isProtected ?',
    isRare: true,
  },
  {
    name: 'what a claim left is kept for another of its name',
    file: 'services/replicator/src/persistent-volume/volume-plan.ts',
    text: 'if (claim?.metadata.uid !== claimRef.uid) return released(volume)',
    by: 'if (claim === undefined) return released(volume)',
    isRare: true,
  },
  {
    name: 'a pod is bound without waiting for its claims',
    file: 'services/scheduler/src/placer.ts',
    text: 'if (claims.length > 0) {',
    by: 'if (claims.length > 99) {',
    isRare: true,
  },
  {
    name: 'a node tells of the volumes of others',
    file: 'services/api/src/node-plane/volumes.ts',
    text: 'if (makingNodeOf(claim) !== node) throw',
    by: 'if (makingNodeOf(claim) === undefined) throw',
    isRare: true,
  },
  {
    name: 'a claim goes on waiting for a node that is lost',
    file: 'services/replicator/src/persistent-volume/claim-plan.ts',
    text: "if (nodeName !== undefined && node === undefined) return [{ type: 'ForgetNode', claim, nodeName }]",
    by: '',
    isRare: true,
  },
]
