const MAX_NAME_BYTES = 255
/** Longer "extensions" are part of the name. */
const MAX_EXTENSION = 16
/** Far over any name that fits; bounds the work on hostile names. */
const MAX_INPUT = 4096

const forbidden = /[\p{Cc}<>:"/\\|?*\uFFFD\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
const reservedByWindows = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/**
 * A name that every file system takes: NFC, no separators, no control or direction characters, not hidden, not a device
 * of Windows, no dot or space at the end, at most 255 bytes with the extension kept. Emoji stay. `mark` goes before the
 * extension: `IMG_1234 (2).HEIC`.
 */
export function safeFileName(name: string, mark = ''): string {
  const clean = name
    .slice(0, MAX_INPUT)
    .toWellFormed()
    .normalize('NFC')
    .replace(forbidden, '_')
    .trim()
    .replace(/[. ]+$/u, '')
    .replace(/^\./u, '_')
  const { stem, extension } = split(clean || 'unnamed')
  const visible = reservedByWindows.test((stem.split('.', 1)[0] ?? '').trimEnd()) ? `_${stem}` : stem
  return shorten(visible, mark + extension) + mark + extension
}

/** How a file system that ignores case and composition sees a path: two paths that fold alike are one there. */
export function foldPath(path: string): string {
  return path.normalize('NFD').toUpperCase().toLowerCase()
}

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot)
  if (dot <= 0 || extension.length > MAX_EXTENSION + 1 || !/^\.[a-z0-9]+$/i.test(extension)) {
    return { stem: name, extension: '' }
  }
  return { stem: name.slice(0, dot).replace(/[. ]+$/u, '') || '_', extension }
}

/** As much of the stem as fits before `tail`, cut between whole characters as people see them. */
function shorten(stem: string, tail: string): string {
  if (fits(stem + tail)) return stem
  let kept = ''
  for (const { segment } of graphemes.segment(stem)) {
    if (!fits(kept + segment + tail)) break
    kept += segment
  }
  return kept.replace(/[. ]+$/u, '') || '_'
}

/** UTF-16 units never outnumber UTF-8 bytes, except where a file system keeps names decomposed. */
function fits(name: string): boolean {
  return Buffer.byteLength(name) <= MAX_NAME_BYTES && name.normalize('NFD').length <= MAX_NAME_BYTES
}
