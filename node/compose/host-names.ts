import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os'

const EVERYWHERE = new Set(['0.0.0.0', '::'])

/**
 * Names besides this machine's own under which browsers may come: where a person lets the node listen on every address,
 * those addresses. They are numbers, so no name server can make another site pass for them.
 */
export function hostNamesFor(
  host: string | undefined,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string[] {
  if (host === undefined || !EVERYWHERE.has(host)) return []
  return Object.values(interfaces)
    .flatMap(addresses => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address, family }) => (family === 'IPv6' ? `[${address.split('%', 1)[0] ?? ''}]` : address))
}
