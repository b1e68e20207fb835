import type { AssetRecord } from '../../shared/schema/index.ts'

/** Tells our sidecars from those of other programs, which are never replaced. */
export const SIDECAR_MARK = 'Homeroll'

function escape(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
  // Control characters may not stand in XML at all.

  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, c => named[c] ?? c)
}

/**
 * An XMP sidecar with what the family says about an asset: when it was taken, rating, caption, tags, place. Standard
 * names, so that other programs read it.
 */
export function xmpSidecar(asset: AssetRecord): string {
  const attributes = [
    `xmp:CreateDate="${escape(asset.takenAt)}"`,
    `exif:DateTimeOriginal="${escape(asset.takenAt + offsetOf(asset.timeZone))}"`,
    // A favourite without stars of its own reads as five stars elsewhere.
    asset.rating !== null || asset.favourite ? `xmp:Rating="${asset.rating ?? 5}"` : null,
    asset.latitude !== null ? `exif:GPSLatitude="${coordinate(asset.latitude, 'N', 'S')}"` : null,
    asset.longitude !== null ? `exif:GPSLongitude="${coordinate(asset.longitude, 'E', 'W')}"` : null,
  ].filter(attribute => attribute !== null)
  const description =
    asset.description === null
      ? ''
      : `\n   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escape(asset.description)}</rdf:li></rdf:Alt></dc:description>`
  const tags = asset.tags.map(tag => `<rdf:li>${escape(tag)}</rdf:li>`).join('')
  const subject = tags === '' ? '' : `\n   <dc:subject><rdf:Bag>${tags}</rdf:Bag></dc:subject>`
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="${SIDECAR_MARK}">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    ${attributes.join('\n    ')}>${description}${subject}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`
}

function offsetOf(timeZone: string | null): string {
  return timeZone !== null && /^[+-]\d{2}:\d{2}$/.test(timeZone) ? timeZone : ''
}

/** Degrees as XMP writes them: `48,51.504000N`. */
function coordinate(degrees: number, positive: string, negative: string): string {
  const size = Math.abs(degrees)
  const whole = Math.floor(size)
  return `${whole},${((size - whole) * 60).toFixed(6)}${degrees < 0 ? negative : positive}`
}
