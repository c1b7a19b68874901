import { type Context, linkTo, objectPath } from '../context.ts'
import { html } from '../html.ts'
import type { Cell, PlacementGrid } from '../model/placement-grid.ts'

type Props = { context: Context; grid: PlacementGrid; label: string }

/** Node by plugin: who let the pod pass, who rejected it and why, and what the others scored. */
export function PlacementTable({ context, grid, label }: Props) {
  const { words } = context
  const { filters, scorers, rows } = grid
  return html`<div class="grid-box" tabIndex="0" role="region" aria-label=${label}>
    <table class="grid">
      <thead>
        <tr>
          <td></td>
          ${filters.length > 0 && html`<th colSpan=${filters.length} scope="colgroup">${words.filters}</th>`}
          ${scorers.length > 0 && html`<th colSpan=${scorers.length + 1} scope="colgroup">${words.scores}</th>`}
        </tr>
        <tr>
          <th scope="col">${words.node}</th>
          ${[...filters, ...scorers].map((name) => html`<th key=${name} scope="col" class="plugin"><span>${name}</span></th>`)}
          ${scorers.length > 0 && html`<th scope="col" class="plugin"><span>${words.total}</span></th>`}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({
            node,
            isChosen,
            filters: asked,
            scores,
            total,
          }) => html`<tr key=${node} class=${isChosen ? 'chosen' : ''}>
            <th scope="row"><a href=${linkTo(context, objectPath('nodes', '', node))}>${node}</a>${isChosen && html` <span class="state good">${words.chosen}</span>`}</th>
            ${[...asked, ...scores].map((cell) => html`<${PluginCell} words=${words} cell=${cell} />`)}
            ${scorers.length > 0 && html`<td class="total">${total ?? ''}</td>`}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function PluginCell({ words, cell }: { words: Context['words']; cell: Cell }) {
  switch (cell.said) {
    case 'passed':
      return html`<td class="passed" title=${words.passed}>✓</td>`
    case 'rejected':
      return html`<td class="rejected" title=${cell.reason}>✕ <span class="reason">${cell.reason}</span></td>`
    case 'score':
      return html`<td class="score"><span class="share" style=${{ width: `${cell.share * 100}%` }}></span>${cell.score}</td>`
    case 'unasked':
      return html`<td class="unasked" title=${words.unasked}>·</td>`
  }
}
