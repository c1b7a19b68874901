export { reachHead } from './at-head.ts'
export type { Outcome, RecordedAs } from './change-draft.ts'
export { type Change, changeObject, wouldChange } from './change-object.ts'
export { createObject, wouldCreate } from './create-object.ts'
export {
  type Deletion,
  type DeletionOptions,
  deleteObject,
  deletionOf,
  wouldDelete,
} from './delete-object.ts'
export { finalizeNamespace } from './finalize-namespace.ts'
export { Known } from './known.ts'
export type { Creation } from './new-object.ts'
export * from './pod.ts'
export { isOfGone, type Preconditions } from './preconditions.ts'
export { type Recording, recordChange } from './record-change.ts'
export * from './record-note.ts'
export { registerNode } from './register-node.ts'
export type { Target } from './target.ts'
export { type Claim, releaseAll, reserveAll } from './unique-values.ts'
export { destroyKey } from './write-key.ts'
export type { WritePorts } from './write-ports.ts'
export { isGone, positionOf, type Written } from './written.ts'
