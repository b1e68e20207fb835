// A mock node to look at the app with: `node tests/browser/mock-node/serve.ts [assets] [port] [folder of photos]`.
import { startMockNode } from './mock-node.ts'
import { paintedPictures, realPictures } from './pictures.ts'

const [assets = '2400', port = '4115', folder] = process.argv.slice(2)
const pictures = folder ? await realPictures(folder) : await paintedPictures(64)
const node = await startMockNode({ assets: Number(assets), port: Number(port), pictures })
console.log(`${node.url}/#token=${node.token}`)
