import { useEffect, useState } from './html.ts'

/** How somebody likes the page: kept by their browser. */
export type Settings = {
  readonly language: string
  readonly isUtc: boolean
  turnTheme(): void
  turnZone(): void
  turnLanguage(): void
}

const themes = ['', 'dark', 'light']

/** What was chosen here before; else the browser's own language, its own theme, and its own clock. */
export function useSettings(asked: string | undefined): Settings {
  const [theme, setTheme] = useKept('theme', '')
  const [zone, setZone] = useKept('zone', 'local')
  const [kept, setLanguage] = useKept('language', navigator.language)
  const language = asked ?? kept
  useEffect(() => {
    if (theme === '') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    document.documentElement.lang = language
  }, [theme, language])
  return {
    language,
    isUtc: zone === 'utc',
    turnTheme: () => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length] ?? ''),
    turnZone: () => setZone(zone === 'utc' ? 'local' : 'utc'),
    turnLanguage: () => setLanguage(language.startsWith('zh') ? 'en' : 'zh'),
  }
}

function useKept(name: string, standard: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => localStorage.getItem(`reckon-${name}`) ?? standard)
  const keep = (next: string) => {
    localStorage.setItem(`reckon-${name}`, next)
    setValue(next)
  }
  return [value, keep]
}
