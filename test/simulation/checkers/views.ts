import { refOf, streamOf } from '@reckon/domain'
import { isDeepEqual, resourceId, resources } from '@reckon/kubernetes'
import { PodsEverCreated } from '@reckon/replicator/run'
import { Violation } from '../violation.ts'
import type { ProgramSlot, World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a view equals a fresh fold'
const everySeconds = 5

/** Every service's view equals the log at the view's position, for the kinds that the view keeps. */
export function views(world: World): Checker {
  let seconds = 0
  const checkedAt = new WeakMap<object, bigint>()
  const check = (slot: ProgramSlot) => {
    checkObjects(world, slot)
    checkCounts(world, slot)
  }
  /** Skipped where the view has not changed since. */
  const checkMoved = (slot: ProgramSlot) => {
    const objects = slot.shown?.objects
    if (objects?.position === undefined || checkedAt.get(objects) === objects.position) return
    check(slot)
    checkedAt.set(objects, objects.position)
  }
  return {
    onSecond() {
      if (++seconds % everySeconds === 0) world.slots.forEach(checkMoved)
    },
    onEnd: () => world.slots.forEach(check),
  }
}

function checkObjects({ history }: World, { program, shown }: ProgramSlot): void {
  const objects = shown?.objects
  if (objects?.position === undefined) return
  const { position } = objects
  const all = history.objectsAt(position, objects.keys.masterKeyId !== undefined)
  const kept = resources.filter((resource) => objects.resources.mayHave(resource))
  const keptIds = new Set(kept.map(resourceId))
  const expected = new Map(
    [...all].filter(([stream]) => keptIds.has(refOf(stream)?.resourceId ?? '')),
  )
  let count = 0
  for (const resource of kept) {
    for (const stored of objects.list(resource)) {
      const { namespace, name } = stored.object.metadata
      const stream = streamOf(resource, namespace, name)
      count++
      const wanted = expected.get(stream)
      if (isDeepEqual(stored, wanted)) continue
      // Its key was destroyed since: only views that read it earlier still have its content.
      const { uid = '' } = stored.object.metadata
      const isKeyGone = stored.sealed !== undefined && !history.objects.keys.has(uid)
      if (isKeyGone && wanted?.object.metadata.uid === uid) continue
      throw new Violation(rule, `${program.name} has another ${stream} at ${position}`)
    }
  }
  if (count !== expected.size) {
    throw new Violation(rule, `${program.name} has ${count} objects, not ${expected.size}`)
  }
  const held = [...objects.reservations.held()]
  if (!isSame(held, history.reservationsAt(position))) {
    throw new Violation(rule, `${program.name} has other reservations at ${position}`)
  }
  if (!isSame(objects.quotaClaims.snapshot(), history.quotaClaimsAt(position))) {
    throw new Violation(rule, `${program.name} has other claims of quotas at ${position}`)
  }
}

/** Whether these are equal, in any order. */
function isSame(has: readonly unknown[], wanted: readonly unknown[]): boolean {
  const sorted = (all: readonly unknown[]) => all.map((each) => JSON.stringify(each)).sort()
  return isDeepEqual(sorted(has), sorted(wanted))
}

function checkCounts({ history }: World, { program, shown }: ProgramSlot): void {
  const counted = shown?.podsEverCreated
  if (counted?.position === undefined) return
  const fresh = new PodsEverCreated()
  for (const event of history.events) {
    if (event.position <= counted.position) fresh.apply(event)
  }
  if (isSame(counted.snapshot(), fresh.snapshot())) return
  throw new Violation(rule, `${program.name} counts pods otherwise at ${counted.position}`)
}
