/**
 * A `Content-Disposition` for a name from anywhere: an ASCII form for old readers, and RFC 5987's with every character.
 * Control characters and path separators become `_`: neither a header nor a download folder may be split by a name.
 */
export function contentDisposition(kind: 'inline' | 'attachment', fileName: string): string {
  // Direction marks could show `gpj.exe` as `exe.jpg`.
  const name = fileName.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069/\\]/gu, '_') || 'original'
  const ascii = name.replace(/[^\x20-\x7e]|["%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
