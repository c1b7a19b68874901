import { FieldList } from '../components/field-list.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { useAnswer } from '../components/use-answer.ts'
import type { Context } from '../context.ts'
import { html, useState } from '../html.ts'
import { type FieldChange, fieldChanges } from '../model/compare-objects.ts'
import { type Kind, pathOf } from '../model/kind.ts'
import { type AnyObject, readableOf } from '../model/object.ts'
import { yamlOf } from '../model/yaml.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'
import { mayI } from '../reading/rights.ts'

type Props = { context: Context; kind: Kind; object: AnyObject }

/** What the API made of a text: tried only, or done. */
type Outcome = {
  text: string
  isDone: boolean
  changes?: readonly FieldChange[]
  refusal?: Refusal
}

/** An object as a text to change: the API tries it first and what it would change is shown, then it is done. */
export function ObjectEdit({ context, kind, object }: Props) {
  const { reading, words } = context
  const { name = '', namespace = '' } = object.metadata ?? {}
  // What is edited stays, whatever becomes of the object meanwhile: it says which version it is of.
  const [of, setOf] = useState(object)
  const [text, setText] = useState(() => yamlOf(readableOf(object)))
  const [outcome, setOutcome] = useState<Outcome>()
  const [isBusy, setBusy] = useState(false)
  const { value: isAllowed } = useAnswer(
    (signal) => mayI(reading, { kind, namespace, name, verb: 'update' }, signal),
    `update ${kind.id} ${namespace}/${name}`,
  )
  const tried = outcome?.text === text && !outcome.isDone ? outcome : undefined
  const put = async (isDone: boolean) => {
    setBusy(true)
    const path = `${pathOf(kind, namespace, name)}${isDone ? '' : '?dryRun=All'}`
    await reading.json<AnyObject>(path, { method: 'PUT', text, type: 'application/yaml' }).then(
      (answer) => {
        setOutcome({ text, isDone, changes: fieldChanges(of, answer) })
        if (isDone) begin(answer)
      },
      (error: unknown) => setOutcome({ text, isDone: false, refusal: refusalOf(error) }),
    )
    setBusy(false)
  }
  const begin = (from: AnyObject) => {
    setOf(from)
    setText(yamlOf(readableOf(from)))
  }
  const renew = () => {
    setOutcome(undefined)
    begin(object)
  }
  const onInput = ({ currentTarget }: { currentTarget: HTMLTextAreaElement }) =>
    setText(currentTarget.value)
  const mayNot = isAllowed === false ? words.mayNot('update', kind.plural) : ''
  const canDo = tried?.changes !== undefined && tried.changes.length > 0
  return html`<section class="edit">
    <textarea class="yaml" aria-label=${words.edit} value=${text} onInput=${onInput} spellcheck=${false} readOnly=${isAllowed !== true}></textarea>
    <p class="choices">
      <button type="button" class=${canDo ? '' : 'primary'} disabled=${isBusy || isAllowed !== true} title=${mayNot} onClick=${() => put(false)}>${words.tryIt}</button>
      <button type="button" class=${canDo ? 'primary' : ''} disabled=${isBusy || !canDo} title=${canDo ? '' : words.tryFirst} onClick=${() => put(true)}>${words.applyIt}</button>
      <button type="button" onClick=${renew}>${words.editAnew}</button>
    </p>
    ${outcome?.refusal && html`<${RefusalNotice} refusal=${outcome.refusal} words=${words} />`}
    ${outcome?.isDone && html`<p class="notice" role="status">${words.applied}</p>`}
    ${
      tried?.changes &&
      html`<section class="card" role="status"><h2>${words.wouldChange}</h2>
      ${tried.changes.length === 0 ? html`<p class="faint">${words.nothingDiffers}</p>` : html`<${FieldList} fields=${tried.changes} />`}</section>`
    }
  </section>`
}
