import { createSignal } from 'solid-js'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'homeroll-theme'

function stored(): Theme {
  const value = localStorage.getItem(KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}

const [theme, setSignal] = createSignal<Theme>(stored())

/** The appearance that was chosen for this browser. */
export { theme }

/** Shows the chosen appearance; to be called before anything is drawn. */
export function applyTheme(): void {
  const chosen = theme()
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
}

export function setTheme(next: Theme): void {
  setSignal(next)
  if (next === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, next)
  applyTheme()
}
