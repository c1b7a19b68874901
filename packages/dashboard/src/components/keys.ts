import { useEffect, useRef } from '../html.ts'

/** What each key does, by its name (`j`, `Enter`, `Shift+ArrowLeft`, `g p` for one after the other). */
export type Keys = Readonly<Record<string, () => void>>

/** Who is asked first is the one that came last: what lies above the page. */
const listeners: { current: Keys }[] = []
let first = ''

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

function onKey(event: KeyboardEvent): void {
  const isPalette = (event.ctrlKey || event.metaKey) && event.key === 'k'
  if ((event.ctrlKey || event.metaKey || event.altKey) && !isPalette) return
  if (takesText(event.target) && event.key !== 'Escape' && !isPalette) return
  const isArrow = event.shiftKey && event.key.startsWith('Arrow')
  const name = isPalette ? ':' : isArrow ? `Shift+${event.key}` : event.key
  const together = first === '' ? name : `${first} ${name}`
  first = first === '' && name === 'g' ? 'g' : ''
  const found = listeners.findLast(({ current }) => current[together] !== undefined)
  if (found === undefined) return
  event.preventDefault()
  found.current[together]?.()
}

/** Keys that do something as long as the component is there; none while somebody writes, but Escape. */
export function useKeys(keys: Keys): void {
  const listener = useRef(keys)
  listener.current = keys
  useEffect(() => {
    if (listeners.length === 0) document.addEventListener('keydown', onKey)
    listeners.push(listener)
    return () => {
      listeners.splice(listeners.indexOf(listener), 1)
      if (listeners.length === 0) document.removeEventListener('keydown', onKey)
    }
  }, [])
}
