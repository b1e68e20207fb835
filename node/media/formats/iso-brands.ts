import { textAt, viewOf } from './bytes.ts'

/** The brands of an ISO base media file (MP4, MOV, HEIC, AVIF, CR3), the major one first; empty for anything else. */
function isoBrands(head: Uint8Array): string[] {
  if (head.length < 16 || textAt(head, 4, 4) !== 'ftyp') return []
  const end = Math.min(viewOf(head).getUint32(0), head.length, 512)
  const brands = [textAt(head, 8, 4)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(textAt(head, at, 4))
  return brands
}

/** Containers that only promise "a picture inside" as their major brand and name the coding among the others. */
const openImageBrands = new Set(['mif1', 'msf1', 'miaf', 'mif2', 'MiHB', 'MiHE'])

/** The brand that decides what the file is; null where there is none. */
export function decidingBrand(head: Uint8Array): string | null {
  const [major, ...others] = isoBrands(head)
  if (major === undefined) return null
  if (!openImageBrands.has(major)) return major
  return others.find(brand => !openImageBrands.has(brand) && /^(avi[fs]|he[iv][cxms]|hevc|hevx)$/.test(brand)) ?? major
}
