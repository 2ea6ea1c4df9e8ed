import { CommandError, EXIT } from '../../schemas/cli.ts'
import { digestOf } from '../../schemas/digest.ts'
import { dashed } from '../../schemas/ids.ts'
import { RELEASE_INDEX, type ReleaseIndex, releaseIndexSchema } from '../../schemas/release.ts'
import type { AvailableSkill } from '../install/resolve.ts'
import { fetchBytes } from './fetch.ts'
import { type Place, placeOf } from './place.ts'
import type { ReleaseSource } from './release-source.ts'
import { type PointerOptions, trustedPointer } from './trusted-pointer.ts'
import { parseMenu } from './verify.ts'

/**
 * What the index of a release says. The key vouches for the pointer of the channel, the pointer names the release, that
 * name is the digest of the index, and the index holds the digest of everything else: no menu is read.
 * @throws {CommandError} `trust/<problem>` or what fetching ends with
 */
export async function releaseByIndex(options: PointerOptions): Promise<ReleaseSource> {
  const { channel, release, site } = placeOf(options.base)
  if (release !== undefined) return sourceOf({ site, release, channel: null }, options)
  if (channel === undefined) {
    throw new CommandError(
      'trust/no-channel',
      `Cannot hold "${options.base}" to a key: expected the address of a channel, such as "${site}/channels/main"`,
      { exit: EXIT.usage },
    )
  }
  const pointer = await trustedPointer({ site, channel }, options)
  return sourceOf({ site, release: pointer.release, channel }, options)
}

interface Named extends Pick<Place, 'site'> {
  readonly release: string
  readonly channel: string | null
}

async function sourceOf({ site, release, channel }: Named, options: PointerOptions): Promise<ReleaseSource> {
  const above = `${site}/v/${release}/`
  const index = await fetchIndex(above + RELEASE_INDEX, release, options)
  const at = <Entry extends { readonly file: string }>({ file, ...entry }: Entry) => ({
    ...entry,
    downloadUrl: above + file,
  })
  const skills = skillsOf(index).map(at)
  return {
    release,
    channel,
    flows: index.flows.map(({ flow, ...entry }) => at({ id: flow, ...entry })),
    skills: async () => skills,
  }
}

async function fetchIndex(url: string, release: string, options: PointerOptions): Promise<ReleaseIndex> {
  const { cache } = options.trust
  const known = await cache.get(release)
  const bytes = known ?? (await fetchBytes(url, options)).bytes
  const digest = digestOf(bytes)
  if (digest !== release) {
    throw new CommandError('trust/index', `Cannot trust "${url}": expected SHA-256 ${release}, got ${digest}`)
  }
  if (known === null) await cache.put(release, bytes)
  return parseMenu(releaseIndexSchema, url, bytes)
}

type IndexedSkill = Omit<AvailableSkill, 'downloadUrl'> & { readonly file: string }

/** The skills of an index, in the words of a menu. */
function skillsOf(index: ReleaseIndex): IndexedSkill[] {
  const alone = index.skills.map(({ id, description, category, framework, default: isDefault, ...rest }) => ({
    ...{ id, name: description, group: dashed(category), variant: null },
    ...(framework === undefined ? {} : { framework }),
    ...(isDefault === undefined ? {} : { default: isDefault }),
    ...{ file: rest.file, digest: rest.digest, size: rest.size },
  }))
  const bundled = index.bundles.flatMap(({ category, description, variants, file, digest, size }) =>
    variants.map((variant) => ({
      ...variant,
      ...{ id: `${dashed(category)}-${variant.id}`, name: description, group: dashed(category) },
      ...{ variant: variant.id, file, digest, size },
    })),
  )
  return [...alone, ...bundled]
}
