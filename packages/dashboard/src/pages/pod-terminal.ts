import { ContainerChoice, containerAt } from '../components/container-choice.ts'
import { useAnswer } from '../components/use-answer.ts'
import type { Context } from '../context.ts'
import { html, useEffect, useLayoutEffect, useRef, useState } from '../html.ts'
import { type Kind, pathOf } from '../model/kind.ts'
import type { AnyObject } from '../model/object.ts'
import { Screen } from '../model/screen.ts'
import { saidBy } from '../model/terminal-keys.ts'
import { type Command, openCommand } from '../reading/command.ts'
import { mayI } from '../reading/rights.ts'

type Props = { context: Context; kind: Kind; object: AnyObject }
type State = { is: 'closed' | 'opening' | 'open'; message?: string }

/** The better shell of the two, where there is one. */
const shell = [
  'sh',
  '-c',
  'TERM=xterm; export TERM; if command -v bash >/dev/null; then exec bash; else exec sh; fi',
]
const size = { columns: 110, rows: 30 }
/** What comes so close together is drawn at once. */
const gatherMs = 30

/** A shell in a container of a pod. */
export function PodTerminal({ context, kind, object }: Props) {
  const { reading, words } = context
  const { name = '', namespace = '' } = object.metadata ?? {}
  const container = containerAt(context, object)
  const right = { kind, namespace, name, verb: 'create', subresource: 'exec' }
  const { value: isAllowed } = useAnswer(
    (signal) => mayI(reading, right, signal),
    `exec ${namespace}/${name}`,
  )
  const query = new URLSearchParams([
    ['container', container],
    ...['stdin', 'stdout', 'tty'].map((each) => [each, 'true']),
    ...shell.map((each) => ['command', each]),
  ])
  const { state, screen, command, open } = useCommand(
    context,
    `${pathOf(kind, namespace, name)}/exec?${query}`,
  )
  const mayNot = isAllowed === false ? words.mayNot('create', 'pods/exec') : ''
  return html`<section class="logs">
    <p class="choices">
      <${ContainerChoice} ...${{ context, object }} />
      ${state.is === 'closed' && html`<button type="button" class="primary" disabled=${isAllowed !== true} title=${mayNot} onClick=${open}>${words.openShell}</button>`}
      ${state.is === 'open' && html`<span class="faint">${words.leaveShell}</span>`}
    </p>
    ${state.message !== undefined && html`<p class="notice" role="status">${state.message || words.shellEnded}</p>`}
    ${state.is !== 'closed' && html`<${Glass} ...${{ context, screen, command }} />`}
  </section>`
}

/** A command as long as this page and this address stand. */
function useCommand({ reading, words }: Context, path: string) {
  const [state, setState] = useState<State>({ is: 'closed' })
  // Another one at each drawing: what it holds is not the same any more.
  const [drawn, setDrawn] = useState(() => ({ screen: new Screen() }))
  const command = useRef<Command>(undefined)
  useEffect(() => {
    setState({ is: 'closed' })
    return () => command.current?.end()
  }, [path])
  const open = () => {
    const of = new Screen()
    of.resize(size.columns, size.rows)
    let isDue = false
    const draw = () => {
      isDue = false
      setDrawn({ screen: of })
    }
    setState({ is: 'opening' })
    draw()
    command.current = openCommand(reading, path, {
      begun: () => {
        command.current?.resize(size.columns, size.rows)
        setState({ is: 'open' })
      },
      said: (text) => {
        of.write(text)
        if (!isDue) setTimeout(draw, gatherMs)
        isDue = true
      },
      ended: (message) =>
        setState(({ is }) => ({
          is: 'closed',
          message: is === 'opening' ? message || words.noShell : message,
        })),
    })
  }
  return { state, screen: drawn.screen, command, open }
}

type GlassProps = { context: Context; screen: Screen; command: { current?: Command | undefined } }

/** What the terminal shows, and takes keys. */
function Glass({ context: { words }, screen, command }: GlassProps) {
  const box = useRef<HTMLPreElement>(null)
  const { before, at, after } = screen.shown
  useEffect(() => box.current?.focus(), [])
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  })
  const onKeyDown = (event: KeyboardEvent) => {
    // None of the page's own keys, but the way out of it.
    event.stopPropagation()
    const said = event.shiftKey && event.key === 'Tab' ? undefined : saidBy(event)
    if (said === undefined) return
    event.preventDefault()
    command.current?.send(said)
  }
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault()
    command.current?.send(event.clipboardData?.getData('text/plain') ?? '')
  }
  return html`<pre ref=${box} class="log terminal" tabIndex="0" role="textbox" aria-multiline="true" aria-label=${words.terminal} ...${{ onKeyDown, onPaste }}>${before}<span class="cursor">${at}</span>${after}</pre>`
}
