import { useEffect, useRef, useState } from './html.ts'
import { fragmentOf, type Place, placeOf } from './moment/place.ts'

/**
 * So long nothing else comes before the address says where one is: for each time that it does a browser looks at the
 * page's icon anew, and who drags would soon be refused more of them.
 */
const settleMs = 400

/**
 * Where the address says one is, and the way elsewhere. Another page is a step in the browser's history; another moment
 * or filter of the same page is none, and stands in the address a moment later, or before somebody leaves.
 */
export function usePlace(): [Place, (place: Place) => void] {
  const [place, setPlace] = useState(() => placeOf(location.hash))
  const newest = useRef(place)
  const unwritten = useRef<ReturnType<typeof setTimeout>>(undefined)
  const write = () => {
    if (unwritten.current === undefined) return
    clearTimeout(unwritten.current)
    unwritten.current = undefined
    history.replaceState(null, '', fragmentOf(newest.current))
  }
  const show = (next: Place) => {
    newest.current = next
    setPlace(next)
  }
  useEffect(() => {
    const read = () => {
      clearTimeout(unwritten.current)
      unwritten.current = undefined
      show(placeOf(location.hash))
    }
    addEventListener('hashchange', read)
    addEventListener('pagehide', write)
    // A link may lead elsewhere: the way back leads here.
    addEventListener('click', write, true)
    return () => {
      removeEventListener('hashchange', read)
      removeEventListener('pagehide', write)
      removeEventListener('click', write, true)
    }
  }, [])
  const go = (next: Place) => {
    const isSamePage = next.path.join('/') === newest.current.path.join('/')
    if (isSamePage) {
      clearTimeout(unwritten.current)
      unwritten.current = setTimeout(write, settleMs)
    } else {
      write()
      history.pushState(null, '', fragmentOf(next))
    }
    show(next)
  }
  return [place, go]
}
