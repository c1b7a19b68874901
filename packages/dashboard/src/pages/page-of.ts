import { RefusalNotice } from '../components/refusal-notice.ts'
import type { Answer } from '../components/use-answer.ts'
import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { type Kind, kindNamed } from '../model/kind.ts'
import { LaterPage, type Load } from './later-page.ts'
import { OverviewPage } from './overview.ts'
import { ResourcePage } from './resource.ts'

type Props = { context: Context; kindsAnswer: Answer<readonly Kind[]> }

const later = {
  cause: async () => (await import('./cause.ts')).CausePage,
  changes: async () => (await import('./changes.ts')).ChangesPage,
  events: async () => (await import('./events.ts')).EventsPage,
  kinds: async () => (await import('./kinds.ts')).KindsPage,
  object: async () => (await import('./object.ts')).ObjectPage,
  placement: async () => (await import('./placement.ts')).PlacementPage,
  routes: async () => (await import('./routes.ts')).RoutesPage,
  timeline: async () => (await import('./timeline.ts')).TimelinePage,
  undo: async () => (await import('./undo.ts')).UndoPage,
  whatIf: async () => (await import('./what-if.ts')).WhatIfPage,
} satisfies Readonly<Record<string, Load>>

/**
 * The page that the address names. A new one is a file and a line here; but for tables all but the first are loaded
 * later.
 */
export function PageOf({ context, kindsAnswer }: Props) {
  const { place, kinds, words } = context
  const [first, namespace = '', name, part] = place.path
  if (kindsAnswer.value === undefined) {
    const { refusal } = kindsAnswer
    return refusal
      ? html`<${RefusalNotice} refusal=${refusal} words=${words} />`
      : html`<p class="empty">${words.loading}</p>`
  }
  if (first === undefined) return html`<${OverviewPage} context=${context} />`
  const page = (
    name: keyof typeof later,
    props: Readonly<Record<string, unknown>> = {},
    key = '',
  ) => html`<${LaterPage} key=${`${name} ${key}`} ...${{ context, load: later[name], ...props }} />`
  if (first === 'events' && name === undefined) return page('events')
  if (first === 'changes') return page('changes')
  if (first === 'timeline') return page('timeline')
  if (first === 'routes') return page('routes')
  if (first === 'cause') return page('cause', { position: namespace })
  if (first === 'undo') return page('undo', { position: namespace }, namespace)
  if (first === 'kinds') return page('kinds')
  const kind = kindNamed(kinds, first)
  if (kind === undefined) return html`<p class="notice warn">${words.notServed(first)}</p>`
  if (name === undefined) return html`<${ResourcePage} key=${kind.id} ...${{ context, kind }} />`
  const named = { namespace: namespace === '-' ? '' : namespace, name }
  const key = `${kind.id}/${namespace}/${name}`
  if (part === 'cause') return page('cause', { object: { resource: kind.id, ...named } }, key)
  if (part === 'why') return page('placement', named, key)
  if (part === 'what-if') return page('whatIf', named, key)
  return page('object', { kind, ...named }, key)
}
