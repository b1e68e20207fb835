import sharp from 'sharp'

const PALETTES = [
  { sky: ['#fbd3a2', '#f08a5d', '#b83b5e'], land: ['#6a2c70', '#4a1f55', '#2d1338'], sun: '#fff3d6' },
  { sky: ['#cfe9f5', '#8fc7e0', '#5aa3c8'], land: ['#7fae7b', '#4f8a5b', '#2f6045'], sun: '#fffbe6' },
  { sky: ['#fde6ec', '#f6b6c5', '#c98bb9'], land: ['#8d7aa8', '#665a8b', '#3e3a66'], sun: '#fff' },
  { sky: ['#0f2143', '#1f3b6d', '#45639b'], land: ['#1d2f4e', '#142340', '#0b1730'], sun: '#f4f1de' },
  { sky: ['#f9f1dc', '#f2d7a0', '#e0ac69'], land: ['#c58b4e', '#9a6436', '#6b4324'], sun: '#fffdf2' },
  { sky: ['#d8f3ee', '#a3dccf', '#6dbdb0'], land: ['#3f9183', '#2b6f69', '#1b4b4d'], sun: '#fffef0' },
  { sky: ['#e8edf2', '#c5d2dd', '#98aebf'], land: ['#f7fafc', '#c9d8e4', '#8aa3b7'], sun: '#ffffff' },
] as const

/** A picture of our own making, drawn from chance: hills, water, sun. Width and height in pixels. */
export async function landscape(random: () => number, width: number, height: number, takenAt: string): Promise<Buffer> {
  const palette = PALETTES[Math.floor(random() * PALETTES.length)] ?? PALETTES[0]
  const horizon = height * (0.45 + random() * 0.2)
  const sun = {
    x: width * (0.15 + random() * 0.7),
    y: horizon * (0.25 + random() * 0.6),
    r: height * (0.04 + random() * 0.07),
  }
  const layers = palette.land.map((colour, i) => {
    const base = horizon + (height - horizon) * (i / palette.land.length) * 0.85
    const step = width / (5 + Math.floor(random() * 5))
    let path = `M 0 ${height} L 0 ${base}`
    for (let x = 0; x < width; x += step) {
      const peak = base - height * (0.05 + random() * 0.16) * (1 - i * 0.25)
      path += ` Q ${x + step / 2} ${peak} ${x + step} ${base + (random() - 0.5) * height * 0.05}`
    }
    return `<path d="${path} L ${width} ${height} Z" fill="${colour}"/>`
  })
  const trees = Array.from({ length: 4 + Math.floor(random() * 14) }, () => {
    const x = random() * width
    const y = height * (0.86 + random() * 0.14)
    const size = height * (0.06 + random() * 0.12)
    return `<path d="M ${x} ${y - size} L ${x + size * 0.28} ${y} L ${x - size * 0.28} ${y} Z" fill="${palette.land[2]}"/>`
  })
  const birds = Array.from({ length: Math.floor(random() * 5) }, () => {
    const [x, y, s] = [random() * width, random() * horizon * 0.7, height * 0.012]
    return `<path d="M ${x - s} ${y - s * 0.6} Q ${x - s / 2} ${y - s} ${x} ${y} Q ${x + s / 2} ${y - s} ${x + s} ${y - s * 0.6}" fill="none" stroke="${palette.land[2]}" stroke-width="${height * 0.003}"/>`
  })
  const stops = palette.sky.map((colour, i) => `<stop offset="${i / 2}" stop-color="${colour}"/>`).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <linearGradient id="sky" x1="0" y1="1" x2="0.2" y2="0">${stops}</linearGradient>
      <radialGradient id="glow"><stop offset="0" stop-color="${palette.sun}" stop-opacity="0.7"/><stop offset="1" stop-color="${palette.sun}" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    <circle cx="${sun.x}" cy="${sun.y}" r="${sun.r * 4}" fill="url(#glow)"/>
    <circle cx="${sun.x}" cy="${sun.y}" r="${sun.r}" fill="${palette.sun}"/>
    ${birds.join('')}${layers.join('')}${random() < 0.6 ? trees.join('') : ''}
  </svg>`
  return sharp(Buffer.from(svg))
    .withExif({ IFD0: { Make: 'Homeroll', Model: 'Brush' }, IFD2: { DateTimeOriginal: takenAt } })
    .jpeg({ quality: 88 })
    .toBuffer()
}
