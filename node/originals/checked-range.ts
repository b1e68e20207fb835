import { HomerollError } from '../../shared/errors/index.ts'

/** The range `start..end` (inclusive) cut to a length; all of it without a range. Fault: `bad-range` (416). */
export function checkedRange(
  bytes: number,
  range: { start: number; end: number } | undefined,
): { start: number; end: number } {
  if (!range) return { start: 0, end: bytes - 1 }
  const { start, end } = range
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || start >= bytes) {
    throw new HomerollError('bad-range', `there are no bytes ${start} to ${end} in an original of ${bytes} bytes`, {
      status: 416,
    })
  }
  return { start, end: Math.min(end, bytes - 1) }
}
