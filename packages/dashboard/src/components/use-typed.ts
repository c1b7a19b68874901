import { useLayoutEffect, useRef } from '../html.ts'

/**
 * For a field that is read when its form is sent or left: it begins with the value and has it again where that becomes
 * another. What is typed meanwhile stays, however often the page is drawn; a `value` attribute would take it away.
 */
export function useTyped(value: string) {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (field.current) field.current.value = value
  }, [value])
  return field
}
