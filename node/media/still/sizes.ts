/**
 * The preview fits a phone and a laptop without the original: 1440 pixels on its long edge. The thumbnail is sharp on a
 * 2x screen in rows 220 CSS pixels high; a panorama's is as wide as its preview. Nothing is enlarged.
 */
export const PREVIEW_EDGE = 1440
export const THUMBNAIL_HEIGHT = 440
/** The longest edge that a thumbhash takes. */
export const THUMBHASH_EDGE = 100

/** Pictures with more pixels are not decoded: half a gigapixel is beyond any camera, and within reach of a tiny bomb. */
export const MAX_PIXELS = 500_000_000
