import manifest from '../../../package.json' with { type: 'json' }
import type { Finding } from '../finding.ts'

/** Whether this Node is new enough. */
export function checkNode(version: string): Finding {
  const wanted = manifest.engines.node.replace(/^>=/, '')
  const found = `${version}, and ${wanted} or newer is wanted`
  if (isAtLeast(version, wanted)) return { subject: 'node', status: 'ok', found: version }
  return { subject: 'node', status: 'problem', found, fix: 'Install a newer Node from https://nodejs.org' }
}

function isAtLeast(version: string, wanted: string): boolean {
  const [own, least] = [version, wanted].map((text) => text.replace(/^v/, '').split('.').map(Number))
  for (const [at, number] of (least ?? []).entries()) {
    const difference = (own?.[at] ?? 0) - number
    if (difference !== 0) return difference > 0
  }
  return true
}
