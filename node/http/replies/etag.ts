/** Whether an `If-None-Match` header names this tag, so that the caller already has the bytes. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header === tag || header.split(',').some(one => one.trim().replace(/^W\//, '') === tag || one.trim() === '*')
}
