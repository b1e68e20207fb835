import type { ApiError } from '../../shared/schema/api.ts'
import { t } from '../i18n/index.ts'

/** A request that was refused or never answered: `code` is the node's, or `unreachable`. */
export class ApiFault extends Error {
  readonly code: string
  readonly status: number

  constructor(status: number, { code, message }: ApiError) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** A fault of the given answer; bodies that are not ours become `unexpected`. */
export function faultOf(status: number, body: unknown): ApiFault {
  const { code, message } = (typeof body === 'object' && body !== null ? body : {}) as Partial<ApiError>
  return new ApiFault(status, {
    code: typeof code === 'string' ? code : 'unexpected',
    message: typeof message === 'string' ? message : t('error.unexpected'),
  })
}

/** What to tell a person about anything thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof ApiFault ? thrown.message : t('error.unexpected')
}

/** Whether a request ended because we no longer wanted it. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError'
}

let csrf = ''
let onSignedOut: () => void = () => {}

export function setCsrf(token: string): void {
  csrf = token
}

/** The header that every change must carry. */
export function csrfHeader(): Record<string, string> {
  return { 'x-homeroll-csrf': csrf }
}

/** Called when the node answers that this page is no longer signed in. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener
}

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
}

/** Asks the node and reads JSON. Throws `ApiFault`, or the abort. */
export function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return ask(path, options, text => (text === '' ? null : JSON.parse(text)) as T)
}

/** Asks the node and reads JSON line by line. Throws `ApiFault`, or the abort. */
export function requestLines<T>(path: string): Promise<T[]> {
  return ask(path, {}, text => text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line) as T])))
}

async function ask<T>(path: string, options: RequestOptions, read: (text: string) => T): Promise<T> {
  const { method = 'GET', body, signal } = options
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : csrfHeader()),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (isAbort(error)) throw error
    throw new ApiFault(0, { code: 'unreachable', message: t('error.unreachable') })
  }
  const text = await response.text().catch((error: unknown) => {
    if (isAbort(error)) throw error
    throw new ApiFault(0, { code: 'unreachable', message: t('error.unreachable') })
  })
  try {
    if (response.ok) return read(text)
  } catch {
    throw new ApiFault(response.status, { code: 'unexpected', message: t('error.unexpected') })
  }
  if (response.status === 401 && path !== '/api/session') onSignedOut()
  throw faultOf(response.status, bodyOf(text))
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Where an asset's pictures are. `ready`: rendered; before that, a stand-in has an address of its own, so that no cache keeps it. */
export const thumbnailUrl = (id: string, ready: boolean): string =>
  `/api/assets/${id}/thumbnail${ready ? '' : '?stand-in'}`
export const previewUrl = (id: string): string => `/api/assets/${id}/preview`
export const originalUrl = (id: string): string => `/api/assets/${id}/original`
export const downloadUrl = (id: string): string => `/api/assets/${id}/original?download=1`
