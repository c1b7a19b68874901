import { useEffect, useState } from './html.ts'
import { fragmentOf, type Place, placeOf } from './moment/place.ts'

/**
 * Where the address says one is, and the way elsewhere. Another page is a step in the browser's history; another moment
 * or filter of the same page is none.
 */
export function usePlace(): [Place, (place: Place) => void] {
  const [place, setPlace] = useState(() => placeOf(location.hash))
  useEffect(() => {
    const read = () => setPlace(placeOf(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const go = (next: Place) => {
    const isSamePage = next.path.join('/') === placeOf(location.hash).path.join('/')
    history[isSamePage ? 'replaceState' : 'pushState'](null, '', fragmentOf(next))
    setPlace(next)
  }
  return [place, go]
}
