import { useKeys } from '../components/keys.ts'
import { ObjectActions } from '../components/object-actions.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { useAnswer } from '../components/use-answer.ts'
import { useChanges } from '../components/use-changes.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html } from '../html.ts'
import { type Kind, pathOf } from '../model/kind.ts'
import { type AnyObject, readableOf } from '../model/object.ts'
import { yamlOf } from '../model/yaml.ts'
import { streamIs } from '../moment/log-mark.ts'
import { placeAt, withQuery } from '../moment/place.ts'
import type { ObjectName } from '../reading/history.ts'
import { LaterPage, type Load } from './later-page.ts'
import { ObjectBlame } from './object-blame.ts'
import { ObjectHistory } from './object-history.ts'
import { ObjectSummary } from './object-summary.ts'
import { PodLogs } from './pod-logs.ts'

const tabs = ['summary', 'logs', 'terminal', 'history', 'blame', 'yaml', 'edit'] as const

const later = {
  edit: async () => (await import('./object-edit.ts')).ObjectEdit,
  terminal: async () => (await import('./pod-terminal.ts')).PodTerminal,
} satisfies Readonly<Record<string, Load>>

type Props = { context: Context; kind: Kind; namespace: string; name: string }

/** What an object is, and how it became so; also of one that is gone. */
export function ObjectPage({ context, kind, namespace, name }: Props) {
  const { reading, words, base, at, place, go } = context
  const object: ObjectName = { resource: kind.id, namespace, name }
  const key = `${kind.id} ${namespace}/${name} ${at ?? ''}`
  const tick = useChanges(context, ({ stream }) => streamIs(stream, object), key)
  const { value, refusal } = useAnswer(
    (signal) => reading.json<AnyObject>(`${base}${pathOf(kind, namespace, name)}`, { signal }),
    key,
    tick,
  )
  // Logs are of containers that are there: nothing of them is in the log of the past.
  const hasLogs = kind.id === 'pods' && at === undefined && value !== undefined
  // A Secret's values are not shown, so that there is nothing to edit.
  const isThere = at === undefined && value !== undefined && refusal === undefined
  const off: Partial<Record<(typeof tabs)[number], boolean>> = {
    logs: !hasLogs,
    terminal: !hasLogs,
    edit: !isThere || value.kind === 'Secret',
  }
  const shownTabs = tabs.filter((each) => !off[each])
  const tab = shownTabs.find((each) => each === place.query.tab) ?? 'summary'
  const show = (which: string) => go(withQuery(place, { tab: which }))
  const path = objectPath(kind.id, namespace, name)
  const [why, cause] = [
    [...path, 'why'],
    [...path, 'cause'],
  ]
  useKeys({
    h: () => show('history'),
    ...(hasLogs && { l: () => show('logs') }),
    y: () => show('yaml'),
    c: () => go(placeAt(place, cause)),
    ...(kind.id === 'pods' && { w: () => go(placeAt(place, why)) }),
    Escape: () => go(placeAt(place, [kind.id])),
  })
  const isGone = refusal?.code === 404
  return html`<section class="page object">
    <header class="object-head">
      <p class="faint">${kind.kind}${namespace && html` · <a href=${linkTo(context, [kind.id], { ns: namespace })}>${namespace}</a>`}</p>
      <h1>${name}</h1>
      ${kind.id === 'pods' && html`<a class="button" href=${linkTo(context, why)}>${value && !value.spec?.nodeName ? words.whyNot : words.why} <kbd>w</kbd></a>`}
      <a class="button" href=${linkTo(context, cause)}>${words.cause} <kbd>c</kbd></a>
      ${at === undefined && value && !isGone && html`<${ObjectActions} ...${{ context, kind, object: value }} />`}
    </header>
    ${isGone && html`<p class="notice warn">${at === undefined ? words.gone : words.goneThen}</p>`}
    ${refusal && !isGone && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
    <div class="tabs" role="tablist">
      ${shownTabs.map(
        (each) =>
          html`<button key=${each} type="button" role="tab" aria-selected=${each === tab} onClick=${() => show(each)}>${words[each]}</button>`,
      )}
    </div>
    ${tab === 'history' && html`<${ObjectHistory} ...${{ context, object, tick }} />`}
    ${tab === 'blame' && html`<${ObjectBlame} ...${{ context, object, tick }} />`}
    ${tab === 'summary' && value && !isGone && html`<${ObjectSummary} ...${{ context, kind, object: value }} />`}
    ${tab === 'summary' && isGone && html`<${ObjectHistory} ...${{ context, object, tick }} />`}
    ${tab === 'logs' && value && !isGone && html`<${PodLogs} ...${{ context, kind, object: value }} />`}
    ${tab === 'terminal' && html`<${LaterPage} ...${{ context, load: later.terminal, kind, object: value }} />`}
    ${tab === 'edit' && html`<${LaterPage} ...${{ context, load: later.edit, kind, object: value }} />`}
    ${tab === 'yaml' && value && !isGone && html`<${Yaml} context=${context} object=${value} />`}
  </section>`
}

function Yaml({ context: { words }, object }: { context: Context; object: AnyObject }) {
  return html`${object.kind === 'Secret' && html`<p class="notice">${words.secretHidden}</p>`}
    <pre class="yaml" tabIndex="0">${yamlOf(readableOf(object))}</pre>`
}
