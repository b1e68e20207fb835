import { textAt, viewOf } from '../bytes.ts'
import type { Format, Peek } from '../format.ts'
import { decidingBrand } from '../iso-brands.ts'

/** MP4, QuickTime and 3GP: one container, and one decoder for whatever is inside. */
export const mp4: Format = {
  key: 'mp4',
  type: 'video',
  sniff,
  reader: async () => (await import('../../video/video-reader.ts')).videoReader,
  timeoutMs: 90_000,
}

const mp4Brands =
  /^(isom|iso[2-9a-c]|mp4[12v]|avc[1-4]|hvc1|hev1|dash|cmf[2c]|mmp4|MSNV|XAVC|M4V[HP ]|F4V |f4v |nvr1|ndsc|sony|dby1)$/

function sniff({ head, size }: Peek): string | null {
  const brand = decidingBrand(head)
  if (brand === 'qt  ') return 'video/quicktime'
  if (brand !== null) return mp4Brands.test(brand) ? 'video/mp4' : /^3g[2p]/.test(brand) ? 'video/3gpp' : null
  return isOldQuickTime(head, size) ? 'video/quicktime' : null
}

/** QuickTime files older than brands begin with any of a few boxes; the next box has to begin where the first ends. */
function isOldQuickTime(head: Uint8Array, size: number): boolean {
  if (head.length < 16) return false
  const first = textAt(head, 4, 4)
  const length = viewOf(head).getUint32(0)
  if (first === 'moov' || first === 'mdat') return (length === 1 || length >= 16) && length <= size
  if (!/^(wide|free|skip|pnot)$/.test(first) || length < 8) return false
  return /^(moov|mdat|wide|free|skip|PICT|pnot)$/.test(textAt(head, length + 4, 4))
}
