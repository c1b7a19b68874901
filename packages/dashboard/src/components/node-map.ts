import { type Context, linkTo, objectPath } from '../context.ts'
import { html, useMemo } from '../html.ts'
import { kindNamed } from '../model/kind.ts'
import { type NodeSquares, nodeMapOf, type Square } from '../model/node-map.ts'
import type { Table } from '../model/table.ts'
import { useTables } from './use-tables.ts'

/** So many nodes, and of each so many pods, are drawn; of the others it is told how many there are. */
const nodesMax = 120
const squaresMax = 120

type Props = { context: Context; nodes: Table; at: string | undefined }

/** The nodes as boxes, their pods as squares in them, at the moment whose table of nodes is given. */
export function NodeMap({ context, nodes, at }: Props) {
  const { kinds, words } = context
  const wanted = useMemo(() => {
    const pods = kindNamed(kinds, 'pods')
    return pods ? [pods] : []
  }, [kinds])
  const { tables } = useTables(context, wanted, at)
  const pods = tables?.get('pods')
  const map = useMemo(() => (pods ? nodeMapOf(nodes, pods) : []), [nodes, pods])
  if (map.length === 0) return null
  return html`<ul class="node-map" aria-label=${words.podsByNode}>
    ${map.slice(0, nodesMax).map((node) => html`<${NodeBox} key=${node.name} ...${{ context, node }} />`)}
    ${map.length > nodesMax && html`<li class="faint">${words.more(map.length - nodesMax)}</li>`}
  </ul>`
}

function NodeBox({ context, node }: { context: Context; node: NodeSquares }) {
  const { words } = context
  const { name, state, tone, squares } = node
  const title = name === '' ? words.noNode : name
  return html`<li class=${`node-box ${tone}`}>
    <span class="node-name" title=${`${title} ${state}`}>${
      name === ''
        ? title
        : html`<a href=${linkTo(context, objectPath('nodes', '', name))}>${title}</a>`
    } <span class="count">${squares.length}</span></span>
    <span class="squares">
      ${squares.slice(0, squaresMax).map((square) => html`<${PodSquare} key=${square.row.uid} ...${{ context, square }} />`)}
      ${squares.length > squaresMax && html`<span class="faint">${words.more(squares.length - squaresMax)}</span>`}
    </span>
  </li>`
}

function PodSquare({ context, square }: { context: Context; square: Square }) {
  const { row, state, tone } = square
  const link = linkTo(context, objectPath('pods', row.namespace, row.name))
  const label = `${row.namespace}/${row.name}: ${state}`
  return html`<a class=${`square ${tone}`} href=${link} title=${label} aria-label=${label}></a>`
}
