import { originalStoreContract } from '../../tests/contracts/original-store.ts'
import { createMemoryOriginals } from './memory-store.ts'

originalStoreContract('memory store', {
  async open() {
    const store = createMemoryOriginals()
    return { store, close: () => store.close() }
  },
  persistent: false,
  copies: true,
  files: false,
})
