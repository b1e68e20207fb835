import { createSignal } from 'solid-js'
import { ApiFault, request, setCsrf, whenSignedOut } from './api.ts'

/** `opening` until the node has answered for the first time. */
export type SessionState = 'opening' | 'open' | 'signed-out' | 'unreachable'

const [state, setState] = createSignal<SessionState>('opening')

/** Whether this page is signed in. */
export const sessionState = state

/** Takes a token out of the address at once, so that it stays in no history and no bookmark. */
function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

async function open(token: string | null): Promise<void> {
  const { csrf } = await request<{ csrf: string }>(
    '/api/session',
    token === null ? {} : { method: 'POST', body: { token } },
  )
  setCsrf(csrf)
  setState('open')
}

/** Opens the session: with the token in the address if there is one, else with the cookie. Asks until answered. */
export async function startSession(): Promise<void> {
  whenSignedOut(() => setState('signed-out'))
  const token = takeToken()
  for (let wait = 500; ; wait = Math.min(wait * 1.7, 8000)) {
    try {
      return await open(token)
    } catch (error) {
      if (error instanceof ApiFault && error.status >= 400 && error.status < 500) {
        // A stale token in a link says nothing about the cookie.
        if (token === null) return void setState('signed-out')
        return void (await open(null).catch(() => setState('signed-out')))
      }
      setState('unreachable')
    }
    await new Promise(resolve => setTimeout(resolve, wait))
  }
}

/** Signs in with a token that was pasted. Throws `ApiFault`. */
export async function signIn(token: string): Promise<void> {
  await open(token.trim())
}

/** Asks whether the cookie is still good, after the event stream was refused. */
export async function checkSession(): Promise<void> {
  try {
    await open(null)
  } catch (error) {
    if (error instanceof ApiFault && error.status === 401) setState('signed-out')
  }
}
