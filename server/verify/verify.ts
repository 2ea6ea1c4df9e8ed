import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import type { Trust } from '../../schemas/pointer-doubts.ts'
import { readList, readStatus, releaseOf, reportDoubts, type SeenList, type SeenStatus } from './channel.ts'
import { type Check, type OpenCheck, openCheck } from './check.ts'
import { verifyCopies } from './copies.ts'
import type { Verdict } from './problem.ts'
import { verifyRelease } from './release.ts'
import type { Source } from './source.ts'
import type { Scope, Target } from './target.ts'

/** A channel that moves while it is looked at is looked at again, so often at most. */
const ATTEMPTS = 3

/** Looks at everything that is served below a target, from outside. */
export async function verifyTarget({ source, scope }: Target, trust: Trust): Promise<Verdict> {
  const baseUrl = source.baseUrl ?? (await baseUrlIn(source, scope))
  for (let attempt = 1; ; attempt += 1) {
    const check = openCheck({ source, baseUrl, trust })
    const seen = new Map<string, ReadonlyMap<string, string>>()
    const statuses = await verifyScope(check, scope, seen)
    const counts = { channels: statuses.length, releases: seen.size, files: check.files() }
    if (attempt < ATTEMPTS && (await hasMoved(check, statuses))) continue
    return { problems: check.problems, ...counts }
  }
}

type Seen = Map<string, ReadonlyMap<string, string>>

async function verifyScope(check: OpenCheck, scope: Scope, seen: Seen): Promise<SeenStatus[]> {
  if (scope.kind === 'release') {
    await verifyOnce(check, scope.id, seen)
    return []
  }
  if (scope.kind === 'channel') {
    const status = await verifyChannel(check, scope.name, seen)
    return status === undefined ? [] : [status]
  }
  const list = await readList(check)
  if (list !== undefined) return verifySite(check, list, seen)
  if (check.problems.length === 0) await verifyBare(check, seen)
  return []
}

/** All channels, and the one at `/`. */
async function verifySite(check: Check, list: SeenList, seen: Seen): Promise<SeenStatus[]> {
  const statuses: SeenStatus[] = []
  for (const listed of list.channels) {
    const status = await verifyChannel(check, listed.channel, seen)
    if (status === undefined) continue
    statuses.push(status)
    compareListed(check, list.path, [listed, status])
  }
  const root = statuses.find(({ channel }) => channel === list.root)
  if (root === undefined) {
    const came = list.channels.map(({ channel }) => channel).join(', ')
    check.report('list', list.path, { expected: `channel "${list.root}", which answers at /`, came })
  } else {
    await verifyPrefix(check, { status: root, prefix: '' }, seen)
  }
  return statuses
}

function compareListed(
  check: Check,
  path: string,
  [{ channel, pointer: listed }, { pointer }]: readonly [inList: SeenStatus, ofChannel: SeenStatus],
): void {
  if (listed !== null) reportDoubts(check, path, listed)
  const told = ({ release, serial, commit, publishedAt }: NonNullable<SeenStatus['pointer']>) =>
    `${release} at serial ${serial}, ${publishedAt}, commit ${commit}`
  const expected = pointer === null ? 'nothing' : told(pointer)
  const came = listed === null ? 'nothing' : told(listed)
  if (expected !== came)
    check.report('list', path, { expected: `${expected} for channel "${channel}"`, came })
}

async function verifyChannel(check: Check, name: string, seen: Seen): Promise<SeenStatus | undefined> {
  const status = await readStatus(check, name)
  if (status !== undefined) await verifyPrefix(check, { status, prefix: `channels/${name}/` }, seen)
  return status
}

interface ChannelPrefix {
  readonly status: SeenStatus
  readonly prefix: string
}

/** The release of a channel, and its files below the channel's own address. */
async function verifyPrefix(check: Check, { status, prefix }: ChannelPrefix, seen: Seen): Promise<void> {
  const id = await releaseOf(check, status)
  if (id === undefined) return
  const files = await verifyOnce(check, id, seen)
  await verifyCopies(check, { files, prefixes: aliasesOf(prefix), code: 'copy' })
}

async function verifyOnce(check: Check, id: string, seen: Seen): Promise<ReadonlyMap<string, string>> {
  const known = seen.get(id)
  if (known !== undefined) return known
  const prefix = `v/${id}/`
  const files = await verifyRelease(check, { id, prefix })
  seen.set(id, files)
  const [, ...aliases] = aliasesOf(prefix)
  await verifyCopies(check, { files, prefixes: aliases, code: 'alias' })
  return files
}

/** A release on its own, as `mill build --out` writes it: no channels, no other names. */
async function verifyBare(check: Check, seen: Seen): Promise<void> {
  const path = 'agent-menu.json'
  const bytes = await check.need(path)
  if (bytes === undefined) return
  const id = menuIn(bytes)?.buildVersion
  if (id === undefined)
    check.report('agent-menu', path, { expected: 'an agent menu', came: 'something else' })
  else seen.set(id, await verifyRelease(check, { id, prefix: '' }))
}

function aliasesOf(prefix: string): string[] {
  return ['', 'agents/', 'skills/'].map((alias) => prefix + alias)
}

/** A folder does not know where it is to be served; its menus do. */
async function baseUrlIn(source: Source, scope: Scope): Promise<string> {
  const { bytes } = await source.read(`${placeOf(scope)}agent-menu.json`)
  const releaseUrl = bytes && menuIn(bytes)?.releaseUrl
  if (releaseUrl !== undefined) return releaseUrl.replace(/v\/[0-9a-f]{64}\/$/, '')
  return 'http://localhost/'
}

function placeOf(scope: Scope): string {
  if (scope.kind === 'channel') return `channels/${scope.name}/`
  return scope.kind === 'release' ? `v/${scope.id}/` : ''
}

function menuIn(
  bytes: Uint8Array,
): { readonly buildVersion: string; readonly releaseUrl: string } | undefined {
  try {
    return agentMenuSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined
  }
}

/** Whether what was looked at was replaced meanwhile, so that what was found may be nobody's fault. */
async function hasMoved(check: OpenCheck, statuses: readonly SeenStatus[]): Promise<boolean> {
  if (check.problems.length === 0) return false
  for (const { channel, pointer } of statuses) {
    const found = check.problems.length
    const now = await readStatus(check, channel)
    check.problems.splice(found)
    if (now?.pointer?.serial !== pointer?.serial) return true
  }
  return false
}
