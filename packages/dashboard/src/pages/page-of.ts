import { RefusalNotice } from '../components/refusal-notice.ts'
import type { Answer } from '../components/use-answer.ts'
import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { type Kind, kindNamed } from '../model/kind.ts'
import { CausePage } from './cause.ts'
import { ChangesPage } from './changes.ts'
import { EventsPage } from './events.ts'
import { KindsPage } from './kinds.ts'
import { ObjectPage } from './object.ts'
import { OverviewPage } from './overview.ts'
import { PlacementPage } from './placement.ts'
import { ResourcePage } from './resource.ts'
import { RoutesPage } from './routes.ts'
import { UndoPage } from './undo.ts'

type Props = { context: Context; kindsAnswer: Answer<readonly Kind[]> }

/** The page that the address names. A new one is a file and a line here. */
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
  if (first === 'events' && name === undefined) return html`<${EventsPage} context=${context} />`
  if (first === 'changes') return html`<${ChangesPage} context=${context} />`
  if (first === 'routes') return html`<${RoutesPage} context=${context} />`
  if (first === 'cause') return html`<${CausePage} context=${context} position=${namespace} />`
  if (first === 'undo') {
    return html`<${UndoPage} key=${namespace} context=${context} position=${namespace} />`
  }
  if (first === 'kinds') return html`<${KindsPage} context=${context} />`
  const kind = kindNamed(kinds, first)
  if (kind === undefined) return html`<p class="notice warn">${words.notServed(first)}</p>`
  if (name === undefined) return html`<${ResourcePage} key=${kind.id} ...${{ context, kind }} />`
  const named = { namespace: namespace === '-' ? '' : namespace, name }
  const key = `${kind.id}/${namespace}/${name}`
  if (part === 'cause') {
    const object = { resource: kind.id, ...named }
    return html`<${CausePage} key=${key} context=${context} object=${object} />`
  }
  if (part === 'why') return html`<${PlacementPage} key=${key} context=${context} ...${named} />`
  return html`<${ObjectPage} key=${key} ...${{ context, kind }} ...${named} />`
}
