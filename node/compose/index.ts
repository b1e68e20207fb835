export { findNode } from './find-node.ts'
export { openNode, type OpenNodeOptions } from './open-node.ts'
