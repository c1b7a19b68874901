import type { Kind } from './model/kind.ts'
import { fragmentOf, type Place, placeAt } from './moment/place.ts'
import type { LogMarks } from './reading/log-marks.ts'
import type { Reading } from './reading/read.ts'
import type { Words } from './words/en.ts'
import type { TimeForm } from './words/format-time.ts'

/** All that a page is drawn from, besides the answers that it asks for itself. */
export type Context = {
  readonly place: Place
  /** The moment that is shown, as links name it; undefined is now. */
  readonly at: string | undefined
  /** What stands before the API's paths so that they are of that moment: nothing, or `at/<moment>/`. */
  readonly base: string
  /** The time that ages are counted to: the moment's own. */
  readonly nowMs: number
  readonly kinds: readonly Kind[]
  readonly log: LogMarks
  readonly reading: Reading
  readonly words: Words
  readonly form: TimeForm
  go(place: Place): void
}

/** The base of a moment, as links name it. */
export const baseOf = (at: string | undefined): string => (at ? `at/${at}/` : '')

/** The position of a moment as links name it: with or without a time behind it. */
export const positionIn = (at: string): string => at.split('@')[0] ?? at

/** A link to another page at the same moment. */
export const linkTo = (
  { place }: Pick<Context, 'place'>,
  path: readonly string[],
  more: Place['query'] = {},
): string => fragmentOf(placeAt(place, path, more))

/** The path of an object's page; one without a namespace has a dash there. */
export const objectPath = (
  resource: string,
  namespace: string,
  name: string,
): readonly string[] => [resource, namespace || '-', name]
