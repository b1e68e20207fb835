export { ASSET_ID_BYTES, assetIdOf, isAssetId, type AssetId } from './asset-id.ts'
export { fromHex, toHex } from './hex.ts'
