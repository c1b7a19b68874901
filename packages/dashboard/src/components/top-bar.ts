import { baseOf, type Context } from '../context.ts'
import { html } from '../html.ts'
import type { Table } from '../model/table.ts'
import { type LogMark, resourceOfStream } from '../moment/log-mark.ts'
import { fragmentOf, placeAt, withQuery } from '../moment/place.ts'
import { readTable } from '../reading/tables.ts'
import type { Settings } from '../settings.ts'
import { useAnswer } from './use-answer.ts'
import { useChanges } from './use-changes.ts'
import { useSameMoment } from './use-same-moment.ts'

type Props = {
  context: Context
  settings: Settings
  user: string
  openPalette(): void
  openHelp(): void
  signOut: (() => void) | undefined
}

/** Where one is, in which namespace, and as whom. */
export function TopBar({ context, settings, user, openPalette, openHelp, signOut }: Props) {
  const { words } = context
  return html`<header class="top">
    <${Crumbs} context=${context} />
    <${NamespaceChoice} context=${context} />
    <button type="button" class="search" onClick=${openPalette}>${words.search} <kbd>:</kbd></button>
    <div class="tools">
      <button type="button" title=${words.help} aria-label=${words.help} onClick=${openHelp}>?</button>
      <button type="button" title=${words.theme} aria-label=${words.theme} onClick=${settings.turnTheme}>◐</button>
      <button type="button" onClick=${settings.turnZone}>${settings.isUtc ? words.zoneUtc : words.zoneLocal}</button>
      <button type="button" onClick=${settings.turnLanguage}>${words.language}</button>
      <span class="user" title=${words.sessionOf(user)}>${user}</span>
      ${signOut && html`<button type="button" onClick=${signOut}>${words.signOut}</button>`}
    </div>
  </header>`
}

function Crumbs({ context: { place, words } }: { context: Context }) {
  const { path } = place
  const crumbs = path.map((part, index) => ({ part, to: path.slice(0, index + 1) }))
  // Of a namespace alone there is no page: it leads to the table there.
  const linked = crumbs.filter(({ part }) => part !== '-')
  return html`<nav class="crumbs" aria-label=${words.here}>
    ${path.length === 0 && html`<span>${words.overview}</span>`}
    ${linked.map(({ part, to }, index) => {
      const isNamespace = to.length === 2
      const href = fragmentOf(
        isNamespace ? placeAt(place, to.slice(0, 1), { ns: part }) : placeAt(place, to),
      )
      return index === linked.length - 1
        ? html`<span aria-current="page">${part}</span>`
        : html`<a href=${href}>${part}</a>`
    })}
  </nav>`
}

const isOfNamespace = ({ stream }: LogMark) => resourceOfStream(stream) === 'namespaces'

function NamespaceChoice({ context }: { context: Context }) {
  const { place, go, words, kinds, reading } = context
  const kind = kinds.find(({ id }) => id === 'namespaces')
  const tick = useChanges(context, isOfNamespace, 'namespaces')
  const then = useSameMoment(context, isOfNamespace)
  const { value } = useAnswer<Table | undefined>(
    async (signal) => kind && readTable(reading, kind, { base: baseOf(then), signal }),
    `${kind?.root} ${then}`,
    tick,
  )
  const { ns = '' } = place.query
  const names = value?.rows.map(({ name }) => name) ?? []
  const choose = ({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
    go(withQuery(place, { ns: currentTarget.value }))
  const known = ns === '' || names.includes(ns) ? names : [ns, ...names]
  return html`<select class="namespaces" aria-label=${words.namespace} value=${ns} onChange=${choose}>
    <option value="">${words.allNamespaces}</option>
    ${known.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
  </select>`
}
