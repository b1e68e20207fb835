/** What a browser may show in place. Everything else is handed over as bytes to save: HTML, SVG and XML can run scripts. */
const shown = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
  'image/heic',
  'image/heif',
  'image/jxl',
  'image/bmp',
  'video/mp4',
  'video/quicktime',
  'video/webm',
  'video/x-matroska',
  'video/3gpp',
  'video/mpeg',
])

export function isShown(mime: string): boolean {
  return shown.has(mime)
}
