import { html } from '../html.ts'
import type { Refusal } from '../reading/read.ts'
import type { Words } from '../words/en.ts'

/** Why something is not shown, in the API's own words. */
export function RefusalNotice({ refusal, words }: { refusal: Refusal; words: Words }) {
  const head = refusal.code === 0 ? words.unreachable : `${words.refused} (${refusal.code})`
  return html`<div class="notice bad" role="alert"><strong>${head}</strong> ${refusal.message}</div>`
}
