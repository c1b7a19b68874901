import { type Kind, kindNamed } from './kind.ts'

/** A page that somebody asked for in words: its path, and parameters of it. */
export type PageLink = {
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
}

const pages = ['events', 'changes', 'kinds']

/**
 * The page that a command means, in kubectl's and k9s' words: `po`, `deploy web`, `po -n demo`, `po app=web`, `events`;
 * undefined where it names no kind.
 */
export function pageLinkOf(text: string, kinds: readonly Kind[]): PageLink | undefined {
  const words = text.trim().split(/\s+/)
  const [first = '', ...others] = words
  if (first === '') return undefined
  if (pages.includes(first)) return { path: [first], query: {} }
  const kind = kindNamed(kinds, first)
  if (kind === undefined) return undefined
  const at = others.findIndex((word) => word === '-n' || word === '-A')
  const isAll = others[at] === '-A'
  const namespace = at < 0 || isAll ? undefined : others[at + 1]
  const filter = others.filter(
    (_, index) => at < 0 || (index !== at && (isAll || index !== at + 1)),
  )
  return {
    path: [kind.id],
    query: {
      ...(isAll && { ns: '' }),
      ...(namespace !== undefined && { ns: namespace }),
      ...(filter.length > 0 && { q: filter.join(' ') }),
    },
  }
}

/** Kinds whose names begin with, or at least hold, what somebody has typed so far. */
export function suggestedFor(
  text: string,
  kinds: readonly Kind[],
  countMax: number,
): readonly Kind[] {
  const typed = text.trim().split(/\s+/)[0]?.toLowerCase() ?? ''
  const rank = ({ plural, kind, shortNames }: Kind) => {
    if (shortNames.includes(typed)) return 0
    if (plural.startsWith(typed)) return 1
    return `${plural} ${kind.toLowerCase()}`.includes(typed) ? 2 : 3
  }
  return kinds
    .map((kind) => ({ kind, rank: rank(kind) }))
    .filter((each) => each.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, countMax)
    .map(({ kind }) => kind)
}
