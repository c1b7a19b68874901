import { Timestamp } from '../components/timestamp.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html } from '../html.ts'
import { type Kind, kindNamed } from '../model/kind.ts'
import { type AnyObject, type Condition, containersIn } from '../model/object.ts'
import { toneOfCondition } from '../model/tone.ts'
import { ObjectEvents } from './object-events.ts'
import { Owned } from './object-owned.ts'

type Props = { context: Context; kind: Kind; object: AnyObject }

/** Its state as conditions, what it belongs to, and what belongs to it. */
export function ObjectSummary({ context, kind, object }: Props) {
  const { words } = context
  const { metadata = {}, status, spec } = object
  const containers = containersIn(object)
  return html`<div class="columns">
    <div>
      <section class="card facts"><dl>
        <dt>${words.created}</dt><dd><${Timestamp} context=${context} time=${metadata.creationTimestamp ?? ''} withAge /></dd>
        ${kind.id === 'pods' && spec?.nodeName && html`<dt>${words.node}</dt><dd><a href=${linkTo(context, objectPath('nodes', '', spec.nodeName))}>${spec.nodeName}</a></dd>`}
        <${Owners} ...${{ context, object }} />
        <dt>${words.uid}</dt><dd><code>${metadata.uid}</code></dd>
        <${Texts} title=${words.labels} texts=${metadata.labels} />
        <${Texts} title=${words.annotations} texts=${metadata.annotations} />
      </dl></section>
      ${
        containers.length > 0 &&
        html`<section class="card"><h2>${words.containers}</h2><table class="plain">
          <thead><tr><th>${words.containers}</th><th>${words.image}</th><th>${words.state}</th><th>${words.restarts}</th></tr></thead>
          <tbody>${containers.map(
            ({ name, image, state, restarts }) =>
              html`<tr key=${name}><td>${name}</td><td><code>${image}</code></td><td>${state}</td><td>${restarts}</td></tr>`,
          )}</tbody>
        </table></section>`
      }
      <${Conditions} context=${context} conditions=${status?.conditions ?? []} />
    </div>
    <div>
      <${Owned} ...${{ context, kind, uid: metadata.uid ?? '', namespace: metadata.namespace ?? '' }} />
      <${ObjectEvents} ...${{ context, object }} />
    </div>
  </div>`
}

function Owners({ context, object: { metadata = {} } }: Omit<Props, 'kind'>) {
  const { words, kinds } = context
  const { ownerReferences = [], namespace = '' } = metadata
  if (ownerReferences.length === 0) return null
  const links = ownerReferences.map(({ kind: name, name: owner, uid }) => {
    const kind = kindNamed(kinds, name)
    const where = kind?.isNamespaced ? namespace : ''
    return kind
      ? html`<a key=${uid} href=${linkTo(context, objectPath(kind.id, where, owner))}>${name}/${owner}</a>`
      : `${name}/${owner}`
  })
  return html`<dt>${words.ownedBy}</dt><dd>${links}</dd>`
}

/** Longer ones are cut; the YAML has them whole. */
const textMax = 120

function Texts({ title, texts = {} }: { title: string; texts?: Readonly<Record<string, string>> }) {
  const entries = Object.entries(texts).filter(
    ([name]) => !name.endsWith('last-applied-configuration'),
  )
  if (entries.length === 0) return null
  return html`<dt>${title}</dt><dd class="texts">
    ${entries.map(([name, value]) => html`<span class="label" key=${name} title=${value}>${name}=${value.slice(0, textMax)}</span>`)}
  </dd>`
}

type ConditionsProps = { context: Context; conditions: readonly Condition[] }

function Conditions({ context, conditions }: ConditionsProps) {
  if (conditions.length === 0) return null
  return html`<section class="card"><h2>${context.words.conditions}</h2>
    <ul class="conditions">${conditions.map(
      ({ type, status, reason, message, lastTransitionTime = '' }) => html`<li key=${type}>
        <span class=${`state ${toneOfCondition(type, status)}`}>${type}${status === 'True' ? '' : `: ${status}`}</span>
        <span>${reason} ${message && html`<span class="faint">${message}</span>`}</span>
        <${Timestamp} context=${context} time=${lastTransitionTime} withAge />
      </li>`,
    )}</ul>
  </section>`
}
