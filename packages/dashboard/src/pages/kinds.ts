import { type Context, linkTo } from '../context.ts'
import { html } from '../html.ts'

/** Every kind that is served, custom ones too. */
export function KindsPage({ context }: { context: Context }) {
  const { kinds, words } = context
  return html`<section class="page">
    <header class="table-head"><h1>${words.allKinds} <span class="count">${kinds.length}</span></h1></header>
    <div class="table-box plain-box"><table class="plain">
      <tbody>${kinds
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(
          ({ id, kind, root, shortNames }) => html`<tr key=${id}>
            <td><a href=${linkTo(context, [id])}>${kind}</a></td>
            <td><code>${id}</code></td>
            <td class="faint">${shortNames.join(', ')}</td>
            <td class="faint">${root.replace(/^apis?\//, '')}</td>
          </tr>`,
        )}</tbody>
    </table></div>
  </section>`
}
