import { Help } from './components/help.ts'
import { useKeys } from './components/keys.ts'
import { MomentNotice } from './components/moment-notice.ts'
import { Palette } from './components/palette.ts'
import { SideNav } from './components/side-nav.ts'
import { TimeBar } from './components/time-bar.ts'
import { TopBar } from './components/top-bar.ts'
import { useAnswer } from './components/use-answer.ts'
import { useChanges } from './components/use-changes.ts'
import { useSameMoment } from './components/use-same-moment.ts'
import { baseOf, type Context, positionIn } from './context.ts'
import { html, useEffect, useRef, useState } from './html.ts'
import { kindNamed } from './model/kind.ts'
import { type LogMark, resourceOfStream, streamIs } from './moment/log-mark.ts'
import { placeAt } from './moment/place.ts'
import { timeOfMark } from './moment/same-moment.ts'
import { PageOf } from './pages/page-of.ts'
import { readKinds } from './reading/discovery.ts'
import { readPosition } from './reading/history.ts'
import type { LogMarks } from './reading/log-marks.ts'
import type { Reading } from './reading/read.ts'
import { useSettings } from './settings.ts'
import { usePlace } from './use-place.ts'
import { wordsOf } from './words/words.ts'

type Props = {
  reading: Reading
  log: LogMarks
  user: string
  signOut: (() => void) | undefined
}

/** The page around every page: where to go, at which moment. */
export function App({ reading, log, user, signOut }: Props) {
  const [place, go] = usePlace()
  const settings = useSettings(place.query.lang)
  const presentMs = usePresent(log)
  const { at, vs } = place.query
  const momentMs = useTimeOf(reading, log, at)
  const otherMs = useTimeOf(reading, log, vs)
  const kinds = useKinds(reading, log, at)
  const [above, setAbove] = useState<'palette' | 'help'>()
  const words = wordsOf(settings.language)
  const context: Context = {
    ...{ place, at, base: baseOf(at), kinds: kinds.value ?? [], log, reading, words, go },
    nowMs: (at === undefined ? undefined : momentMs) ?? presentMs,
    form: { language: settings.language, isUtc: settings.isUtc },
  }
  const main = useRef<HTMLElement>(null)
  const close = () => setAbove(undefined)
  const openPalette = () => setAbove('palette')
  const openHelp = () => setAbove('help')
  const to =
    (...path: string[]) =>
    () =>
      go(placeAt(place, path))
  useKeys({
    ':': openPalette,
    '?': openHelp,
    z: settings.turnZone,
    'g o': to(),
    'g p': to('pods'),
    'g d': to('deployments.apps'),
    'g n': to('nodes'),
    'g e': to('events'),
    'g c': to('changes'),
    'g t': to('timeline'),
  })
  useTitle(context)
  useLog(reading, log, kinds.key !== undefined)
  return html`<div class=${at === undefined ? 'frame' : 'frame past'}>
    <button type="button" class="skip" onClick=${() => main.current?.focus()}>${words.skip}</button>
    <${SideNav} context=${context} />
    <div class="middle">
      <${TopBar} ...${{ context, settings, user, signOut, openPalette, openHelp }} />
      <${MomentNotice} ...${{ context, presentMs, momentMs, otherMs }} />
      <main ref=${main} tabIndex="-1"><${PageOf} context=${context} kindsAnswer=${kinds} /></main>
    </div>
    <${TimeBar} ...${{ context, presentMs, momentMs, otherMs, counts: countsOf(context) }} />
    ${above === 'palette' && html`<${Palette} context=${context} close=${close} />`}
    ${above === 'help' && html`<${Help} words=${words} close=${close} />`}
  </div>`
}

/** Follows the log once there is a page and what that asked first is painted: the log is long. */
function useLog(reading: Reading, log: LogMarks, isShown: boolean): void {
  useEffect(() => {
    if (!isShown) return undefined
    const ended = new AbortController()
    const follow = () => void log.run(ended.signal)
    void reading.answered().then(() => requestAnimationFrame(() => setTimeout(follow)))
    return () => ended.abort()
  }, [reading, log, isShown])
}

/** The kinds at a moment; asked again when one comes or goes. */
function useKinds(reading: Reading, log: LogMarks, at: string | undefined) {
  const counts = ({ stream }: LogMark) =>
    resourceOfStream(stream) === 'customresourcedefinitions.apiextensions.k8s.io'
  const tick = useChanges({ log, at }, counts, 'kinds')
  const then = useSameMoment({ log, at }, counts)
  return useAnswer(
    (signal) => readKinds(reading, baseOf(then), signal),
    `kinds ${then ?? ''}`,
    tick,
  )
}

/** When a position was recorded; of a moment with a time, that. It is asked for only where the log here has it not. */
function useTimeOf(reading: Reading, log: LogMarks, at: string | undefined): number | undefined {
  const namedMs = Date.parse(at?.split('@')[1] ?? '')
  const knownMs = at === undefined ? undefined : timeOfMark(log.marks, positionIn(at))
  const asked = knownMs === undefined ? at : undefined
  const { value, key } = useAnswer(
    async (signal) =>
      asked === undefined ? undefined : readPosition(reading, positionIn(asked), signal),
    asked ?? '',
  )
  if (!Number.isNaN(namedMs)) return namedMs
  return knownMs ?? (value && key === at ? Date.parse(value.time) : undefined)
}

const secondMs = 1_000

/** The time by this machine's clock, told every second and with every event. */
function usePresent(log: LogMarks): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const tell = () => setNowMs(Date.now())
    const timer = setInterval(tell, secondMs)
    const end = log.subscribe(tell)
    return () => {
      clearInterval(timer)
      end()
    }
  }, [log])
  return nowMs
}

/** Which changes a page shows: the time bar steps from one of them to the next. */
function countsOf({ place: { path, query }, kinds }: Context): (mark: LogMark) => boolean {
  const [resource = '', namespace = '', name] = path
  const kind = kindNamed(kinds, resource)
  if (kind === undefined) return () => true
  if (name !== undefined) {
    const object = { resource: kind.id, namespace: namespace === '-' ? '' : namespace, name }
    return ({ stream }) => streamIs(stream, object)
  }
  const start = query.ns && kind.isNamespaced ? `${query.ns}/` : ''
  return ({ stream }) =>
    resourceOfStream(stream) === kind.id && stream.slice(stream.indexOf('-') + 1).startsWith(start)
}

function useTitle({ place, at, words }: Context): void {
  const parts = place.path.filter((part) => part !== '-').toReversed()
  const title = [...(at ? [words.past] : []), ...parts, 'Reckon'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
