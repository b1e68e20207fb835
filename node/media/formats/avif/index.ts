import type { Format } from '../format.ts'
import { decidingBrand } from '../iso-brands.ts'

export const avif: Format = {
  key: 'avif',
  type: 'photo',
  sniff: ({ head }) => (/^avi[fs]$/.test(decidingBrand(head) ?? '') ? 'image/avif' : null),
  reader: async () => (await import('../../still/still-reader.ts')).stillReader,
}
