interface ByteRange {
  start: number
  /** Inclusive, as HTTP counts. */
  end: number
}

/** `whole`: no range asked, or one that makes no sense and is to be ignored. `unsatisfiable` is answered 416. */
type RangeAnswer = 'whole' | 'unsatisfiable' | ByteRange

/**
 * Reads a `Range` header for something of `size` bytes. Several ranges at once count as unsatisfiable: no picture viewer
 * asks for them, and a thousand overlapping ones are an old way to wear a machine out.
 */
export function parseRange(header: string | undefined, size: number): RangeAnswer {
  if (header === undefined) return 'whole'
  const spec = /^bytes=(.*)$/i.exec(header.trim())?.[1]
  if (spec === undefined) return 'whole'
  if (spec.includes(',')) return 'unsatisfiable'
  const match = /^\s*(\d{0,15})-(\d{0,15})\s*$/.exec(spec)
  if (!match || (match[1] === '' && match[2] === '')) return 'whole'
  const [, first = '', last = ''] = match
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return 'whole'
  return start >= size ? 'unsatisfiable' : { start, end }
}
