import { fileURLToPath } from 'node:url'
import type { InlineConfig } from 'vite'
import solid from 'vite-plugin-solid'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Everything stays a file of its own: the page's policy allows no inline script, style or data font. */
const config: InlineConfig = {
  root,
  configFile: false,
  plugins: [solid()],
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
}

export default config
