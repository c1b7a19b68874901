import type { Context } from '../context.ts'
import { html, useState } from '../html.ts'
import { type Action, actionsFor } from '../model/actions.ts'
import type { Kind } from '../model/kind.ts'
import type { AnyObject } from '../model/object.ts'
import { mayI } from '../reading/rights.ts'
import { ActionDialog } from './action-dialog.ts'
import { useAnswer } from './use-answer.ts'

type Props = { context: Context; kind: Kind; object: AnyObject }

/** What may be done to an object now; what the viewer may not is off, and says so. */
export function ObjectActions({ context, kind, object }: Props) {
  const { reading, words } = context
  const [asked, ask] = useState<Action>()
  const actions = actionsFor(kind, object)
  const { name = '', namespace = '' } = object.metadata ?? {}
  const key = `${kind.id} ${namespace}/${name} ${actions.map((each) => each.name).join()}`
  const { value } = useAnswer((signal) => {
    const asking = actions.map(({ verb, subresource }) =>
      mayI(reading, { kind, namespace, name, verb, ...(subresource && { subresource }) }, signal),
    )
    return Promise.all(asking)
  }, key)
  return html`<span class="actions">
    ${actions.map((action, index) => {
      const isAllowed = value?.[index] === true
      const what = [kind.plural, ...(action.subresource ? [action.subresource] : [])].join('/')
      const title = isAllowed || value === undefined ? '' : words.mayNot(action.verb, what)
      return html`<button key=${action.name} type="button" class="button" disabled=${!isAllowed} title=${title} onClick=${() => ask(action)}>${words[action.name]}</button>`
    })}
  </span>
  ${asked && html`<${ActionDialog} ...${{ context, kind, action: asked }} name=${name} close=${() => ask(undefined)} />`}`
}
