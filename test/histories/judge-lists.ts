import { firstWhere } from './history-log.ts'
import {
  type AnsweredBy,
  type Cut,
  isAsShown,
  isInScope,
  type Judging,
  violated,
} from './judging.ts'
import type { State } from './logged-event.ts'
import { keyOf, type Ref, type Seen } from './operation.ts'

const rule = 'a list is one moment of the log'

/** A list is of a version that the log has, as new as it asks; of its items judge `judgeCuts`. */
export function judgeListed(judging: Judging, operation: AnsweredBy<'Listed'>): void {
  const { log, moments } = judging
  const { asked, answer, invokedAt } = operation
  const { version, items, goesOn } = answer
  const shown = { operations: [operation] }
  if (asked.verb !== 'list') {
    violated(judging, rule, 'no list was asked for', shown)
    return
  }
  const index = log.upTo(version)
  if (index === undefined) {
    violated(judging, 'no answer names what is not recorded', `version ${version}`, shown)
    return
  }
  moments.recordedBefore(index, answer.at, operation)
  if (asked.version === undefined) moments.recordedAfter(index + 1, invokedAt, operation)
  else if (asked.isExact ? version !== asked.version : version < asked.version) {
    violated(judging, 'a read is as new as it asks', `${asked.version} was wanted`, shown)
  }
  if (asked.limit && (goesOn ? items.length !== asked.limit : items.length > asked.limit)) {
    violated(judging, rule, `${items.length} on a page of ${asked.limit}`, shown)
  }
  const after = asked.after && sortKeyOf(asked.after)
  judging.cuts.push({
    operation,
    scope: asked.scope,
    index,
    items,
    ...(after && { after }),
    goesOn,
  })
}

type Present = { ref: Ref; sortKey: string; state: State }

/** Goes through the log once, and compares at each cut what was there with what was told. */
export function judgeCuts(judging: Judging): void {
  const { log, cuts } = judging
  const present = new Map<string, Map<string, Present>>()
  let next = 0
  for (const cut of cuts.toSorted((a, b) => a.index - b.index)) {
    for (; next <= cut.index; next++) {
      const { ref, state } = log.at(next)
      if (ref === undefined) continue
      const sortKey = sortKeyOf(ref)
      for (const home of [`${ref.resource} `, `${ref.resource} ${ref.namespace}`]) {
        const objects = present.get(home) ?? new Map<string, Present>()
        present.set(home, objects)
        if (state === undefined) objects.delete(sortKey)
        else objects.set(sortKey, { ref, sortKey, state })
      }
    }
    const { resource, namespace = '' } = cut.scope
    const objects = [...(present.get(`${resource} ${namespace}`)?.values() ?? [])]
    judgeCut(judging, cut, objects)
  }
}

function judgeCut(judging: Judging, cut: Cut, objects: readonly Present[]): void {
  const { operation, scope, items, after = '', goesOn = false } = cut
  const wanted = objects
    .filter(({ ref, state }) => isInScope(scope, ref.namespace, state))
    .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
  const first = after === '' ? 0 : firstWhere(wanted.length, (nth) => isAfter(wanted[nth], after))
  const rest = wanted.slice(first)
  const differs = items.findIndex((seen, nth) => !isSame(rest[nth], seen))
  const isComplete = goesOn ? rest.length > items.length : rest.length === items.length
  if (differs < 0 && isComplete) return
  const nth = differs < 0 ? items.length : differs
  const [received, there] = [items[nth], rest[nth]]
  const what = `${received ? `${keyOf(received.ref)}@${received.version}` : 'nothing'} is told`
  const instead = there ? `${keyOf(there.ref)}@${there.state.version}` : 'nothing more'
  const indices = [there?.state.version, received?.version].flatMap((version) => {
    const index = version === undefined ? undefined : judging.log.indexAt(version)
    return index === undefined ? [] : [index]
  })
  violated(judging, rule, `${what} where ${instead} was there`, {
    operations: [operation],
    indices,
  })
}

const isAfter = (present: Present | undefined, key: string): boolean =>
  present !== undefined && present.sortKey > key

const isSame = (present: Present | undefined, seen: Seen): boolean =>
  present !== undefined &&
  keyOf(present.ref) === keyOf(seen.ref) &&
  present.state.version === seen.version &&
  isAsShown(present.state, seen)

/** What lists are ordered by. */
const sortKeyOf = ({ namespace, name }: Ref): string => `${namespace} ${name}`
