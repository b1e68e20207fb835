/**
 * A fault with a stable `code`, made for people and for scripts: the message names the thing and what to do.
 * Expected outcomes (a duplicate, a damaged file) are unions, never this.
 */
export class HomerollError extends Error {
  override readonly name: string = 'HomerollError'
  /** Stable, lower case with hyphens: `disk-full`, `data-folder-in-use`. */
  readonly code: string
  /** The HTTP status that fits, for doors that answer with one. */
  readonly status: number

  constructor(code: string, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.status = options.status ?? 500
  }
}

/** The `code` of any thrown value: ours, the operating system's in lower case (`enoent`), or `unexpected`. */
export function errorCode(thrown: unknown): string {
  if (thrown instanceof HomerollError) return thrown.code
  const code = (thrown as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code.toLowerCase().replaceAll('_', '-') : 'unexpected'
}

/** The message of any thrown value. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
